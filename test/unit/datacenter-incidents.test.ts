import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Incidents } from '../../src/datacenter/incidents.ts';
import { RackLines } from '../../src/datacenter/live/rack-lines.ts';
import { encodeIncidentAnswer } from '../../src/wire/incident-answer.ts';
import { parseIncidentRequest, type IncidentRequest } from '../../src/wire/incident-request.ts';
import { aggregateOf, give, reportOf } from '../support/datacenter-reports.ts';
import { INCIDENT } from '../support/incidents.ts';

const ENTRY = { ...INCIDENT, bytes: 1000, is_complete: true };
const ID = INCIDENT.incident_id;
const list = (...incidents: (typeof ENTRY)[]) => ({ type: 'incidents', rack_id: 1, revision: 4, incidents }) as const;

/** Racks that are asked, with what they say to each request for a part; by default nothing. */
function open(answer: (request: IncidentRequest) => { total: number | null; text: string } | null = () => null) {
  const said: IncidentRequest[] = [];
  const incidents: Incidents = new Incidents({
    partDeadlineMs: 20,
    say: (rackId, line) => {
      const request = parseIncidentRequest(line);
      assert.ok(request);
      said.push(request);
      const part = request.incident_id === null ? null : answer(request);
      if (part !== null) {
        const { request_id, offset } = request;
        const data = Buffer.from(part.text).toString('base64');
        const about = { type: 'incident-part', rack_id: rackId, request_id, offset, total_bytes: part.total } as const;
        queueMicrotask(() => incidents.take({ ...about, data }));
      }
      return rackId === 1;
    },
  });
  return { incidents, said };
}

test('a rack is asked for its list when it has a new one, and again when it comes back', () => {
  const { incidents, said } = open();
  incidents.heard(1, undefined, 7);
  assert.equal(said.length, 0, 'one that knows of no capsules is not asked');
  incidents.take(list(ENTRY));
  assert.deepEqual(incidents.of(1), [], 'what was not asked for is not kept');
  incidents.heard(1, 4, 7);
  incidents.heard(1, 4, 7);
  assert.deepEqual(
    said.map(({ rack_id, incident_id }) => [rack_id, incident_id]),
    [[1, null]],
  );
  incidents.take(list(ENTRY));
  assert.deepEqual(incidents.of(1), [ENTRY]);
  incidents.heard(1, 5, 7);
  incidents.heard(1, 5, 8);
  assert.equal(said.length, 3);
  incidents.keepOnly((rackId) => rackId !== 1);
  assert.deepEqual(incidents.of(1), []);
});

test('a capsule is fetched part by part, as long as it was at first', async () => {
  const text = 'one\ntwo\nthree\n';
  const { incidents, said } = open(({ offset }) => ({
    // It grows meanwhile.
    total: text.length + offset,
    text: `${text}four\n`.slice(offset, offset + 5),
  }));
  const fetched = await incidents.fetch(1, ID);
  assert.ok(fetched.kind === 'capsule');
  assert.equal(fetched.bytes.toString(), text);
  assert.deepEqual(
    said.map(({ offset }) => offset),
    [0, 5, 10],
  );
});

test('what cannot be fetched is told apart', async () => {
  const kindOf = async (incidents: Incidents, rackId = 1) => (await incidents.fetch(rackId, ID)).kind;
  assert.equal(await kindOf(open(() => ({ total: null, text: '' })).incidents), 'gone');
  assert.equal(await kindOf(open(() => ({ total: 100, text: '' })).incidents), 'gone', 'its end is missing');
  assert.equal(await kindOf(open(() => ({ total: 2 ** 30, text: 'x' })).incidents), 'gone', 'none is that long');
  assert.equal(await kindOf(open().incidents), 'late');
  assert.equal(await kindOf(open().incidents, 2), 'away');
  const { incidents } = open();
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => kindOf(incidents)));
  assert.deepEqual(all, ['late', 'late', 'late', 'late', 'busy']);
  assert.equal(await kindOf(incidents), 'late', 'there is room again');
});

test('answers are taken only of racks that the connection has', () => {
  const aggregate = aggregateOf();
  const lines = new RackLines({ aggregate, nowSeconds: () => 1000 });
  lines.open(7, () => undefined);
  give(aggregate, reportOf(1, { incident_revision: 4 }), { connection: 7 });
  lines.heard({ rack_id: 1, incident_revision: 4 }, 7);
  const line = encodeIncidentAnswer(list(ENTRY));
  assert.ok(lines.isAnswer(line));
  assert.equal(lines.takeAnswer(line, 8), 'bad-incident');
  assert.deepEqual(lines.incidents.of(1), []);
  assert.equal(lines.takeAnswer(line, 7), null);
  assert.equal(lines.incidents.of(1).length, 1);
  const broken = [{ ...list(ENTRY), rack_id: 2 }, list({ ...ENTRY, incident_id: '../x' }), { type: 'incident-part' }];
  for (const answer of broken) {
    const { type, ...others } = answer;
    assert.equal(lines.takeAnswer(JSON.stringify({ type, ...others }), 7), 'bad-incident');
  }
});
