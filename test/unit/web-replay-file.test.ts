import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { hearAgain } from '../../src/web/replay/hear-again.ts';
import { LineCutter } from '../../src/web/replay/line-cutter.ts';
import { readRecording } from '../../src/web/replay/read-recording.ts';
import { fileWords } from '../../src/web/replay/replay-words.ts';
import { createPacer } from '../../src/web/replay/slices.ts';
import { lossyCapsule } from '../support/capsule.ts';
import { hearText, NO_PACER, readText } from '../support/replay.ts';

test('lines that cannot be read are counted, and the first is named by its number', async () => {
  const { headLine, sampleLines } = lossyCapsule();
  const long = `{"rack_id":2,"server_id":5,"note":"${'x'.repeat(70_000)}"}`;
  const lines = [headLine, '', sampleLines[0], '{"rack_id":2,"server_id":', sampleLines[1], long, sampleLines[2]];
  const file = await readText(lines.join('\n'), 'broken.ndjson');
  assert.deepEqual([file.samples, file.broken], [3, 2]);
  assert.equal(fileWords(file), 'broken.ndjson: 3 samples; 2 lines could not be read, the first is line 4: not JSON.');
});

test('a file that is no recording is refused, and why is said', async () => {
  const refusals = [
    { text: '', problem: /^a\.ndjson is empty/ },
    { text: 'Dear Sir,\nnothing here\n', problem: /no sample in any of its 2 lines \(line 1: not JSON\)/ },
    { text: '{"rack_id":2}\n', problem: /no sample in its one line \(line 1: server_id: / },
    { text: lossyCapsule().headLine, problem: /^a\.ndjson has the head of an incident, but no sample: nothing/ },
    { text: '\uFEFF\r\n', problem: /^a\.ndjson is empty: nothing can be replayed/ },
  ];
  for (const { text, problem } of refusals) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are listed
    await assert.rejects(readText(text), { name: 'RecordingProblem', message: problem });
  }
});

test('a compressed file is named as such, and a byte order mark is passed over', async () => {
  const { text, headLine, sampleLines } = lossyCapsule();
  await assert.rejects(readRecording(new File([gzipSync(text)], 'a.ndjson.gz'), NO_PACER), {
    name: 'RecordingProblem',
    message: 'a.ndjson.gz is compressed with gzip. Unpack it first, as with gunzip.',
  });
  const joined = [`\uFEFF${headLine}`, ...sampleLines.slice(0, 100), `\uFEFF${headLine}`, ...sampleLines.slice(100)];
  const file = await readText(joined.join('\n'));
  assert.deepEqual([file.samples, file.broken], [sampleLines.length, 0]);
  assert.equal(file.servers()[0]?.incident?.kind, 'loss');
});

test('what a tab could not hold is not read', async () => {
  const file = { name: 'huge.ndjson', size: 65 * 2 ** 20, stream: () => assert.fail('it was opened') };
  await assert.rejects(readRecording(file, NO_PACER), {
    message: /huge\.ndjson has 65 MiB; at most 64 MiB are read\./,
  });
  const line = (rack_id: number) =>
    JSON.stringify({ rack_id, server_id: 0, seq: 1, sent_ts: 1, recv_ts: 1, wave_sample: 0 });
  const many = Array.from({ length: 4097 }, (_, rack) => line(rack)).join('\n');
  await assert.rejects(readText(many), { message: /has more than 4096 servers\. Split it/ });
});

test('a head that asks for what no rack does is refused with what is allowed', async () => {
  const { headLine, sampleLines } = lossyCapsule();
  const odd = (changes: object) =>
    hearText([JSON.stringify({ ...(JSON.parse(headLine) as object), ...changes }), ...sampleLines].join('\n'));
  await assert.rejects(odd({ window_slots: 100 }), {
    message: /window_slots are 100, allowed: a power of two from 64 to 4096\./,
  });
  await assert.rejects(odd({ expected_frequency_hz: 9.5 }), { message: /no tone below 0\.45 × 20 samples/ });
});

test('less than a second is too little', async () => {
  const { sampleLines } = lossyCapsule();
  await assert.rejects(hearText(sampleLines.slice(0, 10).join('\n')), {
    message: /less than a second of rack 2 server 5/,
  });
});

test('of several servers each can be heard, those with a head first', async () => {
  const [other, capsule] = [lossyCapsule(3), lossyCapsule(5)];
  const file = await readText([...other.sampleLines, capsule.headLine, ...capsule.sampleLines].join('\n'));
  const servers = file.servers();
  assert.deepEqual(
    servers.map(({ serverId, incident }) => [serverId, incident?.kind ?? null]),
    [
      [5, 'loss'],
      [3, null],
    ],
  );
  const [, second] = servers;
  assert.ok(second !== undefined);
  const hearing = await hearAgain(second, file.endSeconds, NO_PACER);
  assert.equal(hearing.moments[0]?.frame.server_id, 3);
});

test('wherever text is cut, the lines are the same', () => {
  const text = 'a\nbb\n\nccccc\ndd';
  for (let cut = 0; cut <= text.length; cut++) {
    const cutter = new LineCutter(4);
    const lines = [...cutter.push(text.slice(0, cut)), ...cutter.push(text.slice(cut)), ...cutter.end()];
    assert.deepEqual(lines, ['a', 'bb', '', null, 'dd'], `cut at ${cut}`);
  }
});

test('long work gives the page its turn, says how far it is, and stops when it is told to', async () => {
  let nowMs = 0;
  const shares: number[] = [];
  const stop = new AbortController();
  const pacer = createPacer({
    now: () => nowMs,
    turn: () => Promise.resolve(),
    onShare: (share) => shares.push(share),
    signal: stop.signal,
  });
  for (let step = 1; step <= 40; step++) {
    nowMs += 1;
    // oxlint-disable-next-line no-await-in-loop -- steps come one after the other
    await pacer.pause(step / 40);
  }
  assert.deepEqual(shares, [0.3, 0.6, 0.9]);
  stop.abort();
  await assert.rejects(pacer.pause(1), { name: 'AbortError' });
});
