import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Fault, RackFault, Verdict } from '../../src/core/verdict.ts';
import { IncidentDirectory } from '../../src/rack/incidents/incident-directory.ts';
import { IncidentRecorder } from '../../src/rack/incidents/incident-recorder.ts';
import { encodeIncident, parseIncident } from '../../src/wire/incident-line.ts';
import { FakeRack } from '../support/fake-rack.ts';
import { INCIDENT } from '../support/incidents.ts';

const FAULT: Fault = { kind: 'delay-shift', since: 0, severity: 'warning', confidence: 0.9, parameters: {} };

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-incidents-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

async function openDirectory(
  t: TestContext,
  changes: { directory?: string; maxBytes?: number; maxIncidents?: number } = {},
) {
  const options = { directory: await folderFor(t), rackId: 0, maxBytes: 2 ** 24, ...changes };
  const errors: unknown[] = [];
  const directory = new IncidentDirectory({ ...options, onError: (error) => void errors.push(error) });
  await directory.load();
  return { directory, errors, path: options.directory };
}

/** A rack of servers that sing, and what records their faults. */
async function recordingRack(t: TestContext, changes: Parameters<typeof openDirectory>[1] = {}) {
  const { directory, errors, path } = await openDirectory(t, changes);
  const rack = new FakeRack({ config: { incidentDir: path, maxServers: 64 } });
  const { servers } = rack.listening;
  const recorder = new IncidentRecorder({ rackId: 0, version: '1.2.3', windowSlots: 256, directory, servers });
  const ofRack: RackFault[] = [];
  t.after(() => {
    recorder.close(rack.nowSeconds);
    return directory.settled();
  });
  return {
    rack,
    recorder,
    directory,
    errors,
    path,
    /** What the next judgements find of the rack itself. */
    ofRack,
    /** A judgement that finds these faults, each at a server. */
    judge: (...faults: readonly (Partial<Fault> & { readonly server: number })[]) => {
      const verdicts = rack.verdicts.map((verdict): Verdict => {
        const own = faults.filter(({ server }) => server === verdict.server_id);
        return {
          ...verdict,
          // As measured, a little off.
          sample_rate_hz: 19.9,
          faults: own.map(({ server: _server, ...fault }) => ({ ...FAULT, since: rack.nowSeconds, ...fault })),
        };
      });
      recorder.judged(verdicts, ofRack, rack.nowSeconds);
    },
    /** Sings on, with a tick a second. */
    sing: (ids: readonly number[], seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        rack.sing(ids, 1);
        for (const _ of ids) recorder.tick(rack.nowSeconds);
      }
    },
    files: async () => {
      await directory.settled();
      return (await readdir(path)).toSorted();
    },
  };
}

async function linesOf(path: string): Promise<Record<string, number>[]> {
  const [, ...samples] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return samples.map((line) => JSON.parse(line) as Record<string, number>);
}

test('a capsule has every arrival from a minute before the fault to a minute after it was found, once', async (t) => {
  const { rack, judge, sing, files, path, directory, recorder } = await recordingRack(t);
  sing([0, 1], 80);
  const detected = rack.nowSeconds;
  judge({ server: 1, since: detected - 3 });
  sing([0, 1], 70);
  const [name = '', ...others] = await files();
  assert.deepEqual(others, []);
  assert.match(name, /^\d{8}T\d{6}\.\d{3}Z-r0-s1-delay-shift\.ndjson$/);
  const head = parseIncident((await readFile(join(path, name), 'utf8')).split('\n')[0] ?? '');
  assert.deepEqual(
    [head?.kind, head?.server_id, head?.detected, head?.since, head?.sample_rate_hz, head?.version],
    ['delay-shift', 1, detected, detected - 3, 20, '1.2.3'],
  );
  const samples = await linesOf(join(path, name));
  const sequences = samples.map(({ seq }) => seq ?? 0);
  const first = sequences[0] ?? 0;
  assert.deepEqual(
    sequences,
    Array.from(sequences, (_, i) => first + i),
    'in order, without a gap',
  );
  assert.ok(Math.abs(sequences.length - 20 * 123) <= 2, `${sequences.length} samples`);
  assert.ok(samples.every(({ server_id, recv_ts = 0 }) => server_id === 1 && Math.abs(recv_ts - detected) <= 63));
  const [entry] = directory.entries;
  assert.deepEqual([entry?.is_complete, entry?.bytes], [true, (await stat(join(path, name))).size]);
  assert.deepEqual([(await stat(join(path, name))).mode & 0o777, recorder.begun], [0o600, 1]);
});

test('only what is new begins a capsule, and nothing mild, and nothing of the rack itself', async (t) => {
  const { judge, sing, files, recorder } = await recordingRack(t);
  sing([0, 1, 2], 14);
  judge({ server: 0, severity: 'info' }, { server: 1, kind: 'observer', severity: 'critical' });
  assert.equal(recorder.begun, 0);
  judge({ server: 0, kind: 'loss' });
  judge({ server: 0, kind: 'loss' }, { server: 2, kind: 'jitter' });
  assert.equal(recorder.begun, 2);
  judge({ server: 0, kind: 'silent', severity: 'critical' }, { server: 2, kind: 'jitter' });
  assert.equal(recorder.begun, 2, 'one that is recorded is recorded once');
  sing([0, 1, 2], 62);
  judge({ server: 0, kind: 'rack-wide', since: 1 });
  assert.equal(recorder.begun, 2, 'what began before the last capsule is in it');
  judge();
  sing([0], 1);
  judge({ server: 0, kind: 'loss' });
  assert.equal(recorder.begun, 3);
  const names = await files();
  assert.deepEqual(
    names.map((name) => name.replace(/^.*Z-/, '')),
    ['r0-s0-loss.ndjson', 'r0-s2-jitter.ndjson', 'r0-s0-loss.ndjson.part'],
  );
});

test('what a server had together with its rack says of what kind that was, the worst of it', async (t) => {
  const { rack, judge, sing, ofRack, directory, files, path } = await recordingRack(t);
  sing([0, 1, 2, 3, 4], 14);
  const rackWide = (kind: RackFault['kind'], severity: RackFault['severity'], server_ids: readonly number[]) =>
    void ofRack.push({ ...FAULT, kind, severity, since: rack.nowSeconds, server_ids });
  rackWide('loss', 'warning', [0, 1, 2]);
  rackWide('delay-shift', 'critical', [1, 2, 3]);
  judge(...[0, 1, 3].map((server) => ({ server, kind: 'rack-wide' as const })), { server: 4, kind: 'jitter' });
  assert.deepEqual(
    directory.entries.map(({ server_id: server, kind, shared_kind: shared }) => [server, kind, shared]),
    [
      [0, 'rack-wide', 'loss'],
      [1, 'rack-wide', 'delay-shift'],
      [3, 'rack-wide', 'delay-shift'],
      [4, 'jitter', undefined],
    ],
  );
  const [first = ''] = await files();
  const head = parseIncident((await readFile(join(path, first), 'utf8')).split('\n')[0] ?? '');
  assert.deepEqual([head?.kind, head?.shared_kind], ['rack-wide', 'loss']);
});

test('what would be too much is counted instead', async (t) => {
  const { judge, sing, recorder, files } = await recordingRack(t);
  const ids = Array.from({ length: 16 }, (_, id) => id);
  sing(ids, 14);
  judge(...ids.map((server) => ({ server, kind: 'rack-wide' as const })));
  assert.deepEqual([recorder.begun, recorder.dropped('rack-wide')], [4, 12]);
  judge(...ids.map((server) => ({ server, kind: 'loss' as const, since: 1 })));
  assert.deepEqual(
    [recorder.begun, recorder.dropped('too-many')],
    [4, 0],
    'what is left of a fault of the rack is not new',
  );
  judge();
  sing(ids, 1);
  judge(...ids.map((server) => ({ server, kind: 'loss' as const })));
  assert.deepEqual([recorder.begun, recorder.dropped('too-many')], [8, 8]);
  await files();
});

test('so many in a minute are enough', async (t) => {
  const { directory } = await openDirectory(t);
  const rack = new FakeRack({ config: { incidentDir: 'x', maxServers: 64 } });
  const { servers } = rack.listening;
  const about = { rackId: 0, version: '1.2.3', windowSlots: 256, directory, servers, spanSeconds: 1 };
  const recorder = new IncidentRecorder(about);
  rack.sing([0], 14);
  for (let i = 0; i < 20; i++) {
    const [verdict] = rack.verdicts;
    assert.ok(verdict);
    recorder.judged([{ ...verdict, faults: [{ ...FAULT, since: rack.nowSeconds }] }], [], rack.nowSeconds);
    recorder.judged([], [], rack.nowSeconds);
    rack.sing([0], 2);
    recorder.tick(rack.nowSeconds);
  }
  assert.deepEqual([recorder.begun, recorder.dropped('too-often')], [12, 8]);
  await directory.settled();
});

test('a rack that ends has finished what it recorded', async (t) => {
  const { judge, sing, rack, files, recorder, path } = await recordingRack(t);
  sing([0], 20);
  judge({ server: 0 });
  sing([0], 5);
  recorder.close(rack.nowSeconds);
  const [name = ''] = await files();
  assert.match(name, /\.ndjson$/);
  assert.ok(Math.abs((await linesOf(join(path, name))).length - 500) <= 2);
});

test('the oldest go first, in number and in bytes, and also those of an earlier process', async (t) => {
  const { directory, path } = await openDirectory(t, { maxIncidents: 3 });
  const begin = (of: IncidentDirectory, hour: number) => {
    const file = of.begin({ ...INCIDENT, rack_id: 0, incident_id: `20270115T${10 + hour}0000.000Z-r0-s3-loss` });
    file?.append(`${'x'.repeat(1000)}\n`);
    file?.finish();
  };
  for (const hour of [0, 1, 2, 3]) {
    begin(directory, hour);
    // oxlint-disable-next-line no-await-in-loop -- only what is complete may go
    await directory.settled();
  }
  const hours = async () => (await readdir(path)).toSorted().map((name) => name.slice(9, 11));
  assert.deepEqual(await hours(), ['11', '12', '13']);
  assert.deepEqual(
    directory.entries.map(({ incident_id: id }) => id.slice(9, 11)),
    ['11', '12', '13'],
  );

  const next = await openDirectory(t, { directory: path, maxBytes: 3000 });
  await next.directory.settled();
  assert.deepEqual([await hours(), next.directory.entries.length], [['12', '13'], 2]);
  begin(next.directory, 4);
  await next.directory.settled();
  assert.deepEqual(await hours(), ['13', '14']);
  assert.ok(next.directory.bytes <= 3000);
});

test('what a rack that died left behind is finished at its last whole line, and what has no head is removed', async (t) => {
  const path = await folderFor(t);
  const id = '20270115T100000.000Z-r0-s3-loss';
  const whole = `${encodeIncident({ ...INCIDENT, rack_id: 0, incident_id: id })}\n{"seq":1}\n`;
  await writeFile(join(path, `${id}.ndjson.part`), `${whole}{"seq":2,"se`);
  await writeFile(join(path, '20270115T100001.000Z-r0-s4-loss.ndjson.part'), '{"type":"inci');
  await writeFile(join(path, '20270115T100001.000Z-r1-s4-loss.ndjson.part'), 'of another rack');
  await writeFile(join(path, 'notes.txt'), 'of somebody');
  const { directory, errors } = await openDirectory(t, { directory: path });
  assert.deepEqual(errors, []);
  assert.deepEqual(
    directory.entries.map((entry) => [entry.incident_id, entry.bytes]),
    [[id, whole.length]],
  );
  assert.equal(await readFile(join(path, `${id}.ndjson`), 'utf8'), whole);
  assert.deepEqual((await readdir(path)).toSorted(), [
    `${id}.ndjson`,
    '20270115T100001.000Z-r1-s4-loss.ndjson.part',
    'notes.txt',
  ]);
});

test('a disk that fails is told of, and the rack goes on', async (t) => {
  const path = join(await folderFor(t), 'file');
  await writeFile(path, 'no directory');
  const { rack, judge, sing, recorder, directory, errors } = await recordingRack(t, { directory: path });
  assert.equal(errors.length, 1);
  sing([0], 20);
  judge({ server: 0 });
  sing([0], 62);
  await directory.settled();
  assert.equal(errors.length, 2);
  assert.deepEqual(directory.entries, []);
  judge();
  rack.sing([0], 1);
  judge({ server: 0 });
  assert.equal(recorder.begun, 2);
  await directory.settled();
});

test('a capsule is read in parts, and only as far as it is written', async (t) => {
  const { directory } = await openDirectory(t);
  const id = '20270115T100000.000Z-r0-s3-loss';
  const file = directory.begin({ ...INCIDENT, rack_id: 0, incident_id: id });
  file?.append('abc\n');
  await directory.settled();
  const whole = await directory.read(id, 0, 10_000);
  assert.equal(whole?.data.length, whole?.totalBytes);
  const part = await directory.read(id, (whole?.totalBytes ?? 0) - 4, 3);
  assert.equal(part?.data.toString(), 'abc');
  assert.equal((await directory.read(id, 10_000, 10))?.data.length, 0);
  file?.finish();
  await directory.settled();
  assert.deepEqual(await directory.read(id, 0, 10_000), whole, 'by its new name');
  assert.equal(await directory.read('20270115T100000.000Z-r0-s4-loss', 0, 10), null);
});
