import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWords, incidentFilter, listPath } from '../../src/web/incidents/incident-filter.ts';
import { foundAgain, type Landmarks, landmarksOf } from '../../src/web/replay/landmarks.ts';
import {
  besideWords,
  hearingNotes,
  landmarkWords,
  recordingWords,
  sizeWords,
} from '../../src/web/replay/replay-words.ts';
import { pathOfView, viewOfPath } from '../../src/web/store/view.ts';
import { incidentName } from '../../src/web/words/incident-name.ts';
import { timeWords } from '../../src/web/words/number-words.ts';
import { titleWords } from '../../src/web/words/title-words.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { lossyCapsule, ONSET_SECONDS } from '../support/capsule.ts';
import { hearText } from '../support/replay.ts';

const LANDMARKS: Landmarks = { kind: 'periodic-delay', since: 1000.6, detected: 1021, isOfRack: true };

/** In the text of the page a narrow space lies between a number and its unit. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

test('what is replayed says of which server it is, and of when', async () => {
  const capsule = lossyCapsule();
  const hearing = await hearText(capsule.text);
  const [from, until] = [hearing.moments[0]?.seconds ?? 0, hearing.moments.at(-1)?.seconds ?? 0];
  const words = recordingWords(hearing);
  assert.match(words, /^rack 2, server 5 \(db-17\), 2027-01-15, \d\d:\d\d:\d\d to \d\d:\d\d:\d\d$/);
  assert.ok(words.endsWith(`${timeWords(from)} to ${timeWords(until)}`));
  assert.deepEqual(hearingNotes(hearing), []);
  const [assumed] = hearingNotes(await hearText(capsule.sampleLines.join('\n')));
  assert.match(assumed ?? '', /taken are 20 samples a second and the tone of the default plan, 3\.25 Hz/);
  assert.equal(until, ONSET_SECONDS + 59.5);
});

test('a moment is told beside the onset', () => {
  assert.equal(plain(besideWords(1004.7, LANDMARKS)), '4 s after the fault began');
  assert.equal(plain(besideWords(940, LANDMARKS)), '60 s before the fault began');
  assert.equal(besideWords(1000.9, LANDMARKS), 'as the fault began');
  assert.equal(besideWords(1000, null), '');
});

test('what the rack found is told, and that it is not found again', () => {
  const again = { kind: 'periodic-delay', severity: 'warning', since: 1000, found: 1022, until: null } as const;
  const [sentence, ...others] = landmarkWords(LANDMARKS, again);
  assert.match(plain(sentence ?? ''), /^The rack found periodic stalls\. It began at .* found at .*, 20\.4 s later\.$/);
  assert.deepEqual(others, []);
  assert.match(landmarkWords(LANDMARKS, null)[1] ?? '', /^Heard again it is not found/);
  assert.match(
    landmarkWords({ ...LANDMARKS, isOfRack: false }, again)[0] ?? '',
    /^Found when heard again: periodic stalls\./,
  );
  assert.deepEqual(landmarkWords(null, null), ['No fault is found in this recording.']);
});

test('what most of a rack had is told with its kind, and found again as what the server had', async () => {
  assert.equal(incidentName({ kind: 'rack-wide', shared_kind: 'delay-shift' }), 'rack-wide delay shift');
  assert.equal(incidentName({ kind: 'rack-wide' }), 'rack-wide fault');
  assert.equal(incidentName({ kind: 'loss' }), 'loss');
  const { head, sampleLines } = lossyCapsule();
  const headLine = encodeIncident({ ...head, kind: 'rack-wide', shared_kind: 'loss' });
  const hearing = await hearText([headLine, ...sampleLines].join('\n'));
  const landmarks = landmarksOf(hearing);
  assert.ok(landmarks !== null);
  const again = foundAgain(hearing, landmarks);
  assert.equal(again?.kind, 'loss');
  const [sentence, ...others] = landmarkWords(landmarks, again);
  assert.match(sentence ?? '', /^The rack found rack-wide loss\. /);
  assert.deepEqual(others, []);
});

test('sizes have a unit', () => {
  assert.deepEqual([999, 431_234, 999_499, 1_234_567].map(sizeWords).map(plain), [
    '999 B',
    '431 kB',
    '999 kB',
    '1.2 MB',
  ]);
});

test('incidents and the replay have addresses, and the title of a recording does not say how it stands now', () => {
  for (const kind of ['incidents', 'replay'] as const) {
    assert.deepEqual(viewOfPath(`/${kind}`), { kind });
    assert.deepEqual(viewOfPath(`/${kind}/`), { kind });
    assert.equal(pathOfView({ kind }), `/${kind}`);
  }
  assert.equal(viewOfPath('/replays').kind, 'nowhere');
  const facts = { serverName: null, isLost: true, ill: 3, datacenter: 'dc0' };
  assert.equal(titleWords({ ...facts, view: { kind: 'replay' } }), 'Recording · NetWatch');
  assert.equal(
    titleWords({ ...facts, isLost: false, view: { kind: 'incidents' } }),
    '3 ill · Incidents · dc0 · NetWatch',
  );
});

test('incidents of a server, of a rack, of a kind, of any', () => {
  const filter = (rack: string | null, server: string | null, kind: string | null = null) =>
    incidentFilter({ rack, server, kind });
  const path = (...of: Parameters<typeof filter>) => listPath(filter(...of));
  assert.equal(path(null, null), '/api/v1/incidents?limit=256');
  assert.equal(path('2', '5'), '/api/v1/incidents?limit=256&rack=2&server=5');
  assert.equal(path('2', null, 'rack-wide'), '/api/v1/incidents?limit=256&rack=2&kind=rack-wide');
  assert.equal(path('nonsense', '65536', 'rain'), '/api/v1/incidents?limit=256');
  const [any, some, loss] = [filter(null, null), filter('2', null), filter(null, null, 'loss')];
  assert.deepEqual(
    [countWords(0, some), countWords(1, some), countWords(2, any), countWords(0, loss)],
    [
      'No incident was recorded there.',
      '1 incident.',
      '2 incidents, newest first.',
      'No incident of this kind was recorded there.',
    ],
  );
  assert.match(countWords(0, any), /^No incident was recorded yet\. .* --incident-dir\.$/);
  assert.match(countWords(256, any), /^256 incidents, newest first\. Older ones/);
});
