import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionCounts } from '../../src/datacenter/connection-counts.ts';
import { serveConnection } from '../../src/datacenter/report-connection.ts';
import { createLog } from '../../src/io/log.ts';
import { START_SECONDS, aggregateOf, minimalReport, reportOf } from '../support/datacenter-reports.ts';

/** A connection whose peer reads nothing: what is written stays in its buffer. */
function connect() {
  const counts = new ConnectionCounts();
  const aggregate = aggregateOf();
  const log: string[] = [];
  const peer = { bufferedBytes: 0, destroyed: 0 };
  const handlers = serveConnection(
    {
      id: 1,
      remoteHost: '127.0.0.1',
      remotePort: 1,
      get bufferedBytes() {
        return peer.bufferedBytes;
      },
      write: (bytes) => void (peer.bufferedBytes += bytes.length),
      destroy: () => void peer.destroyed++,
    },
    {
      aggregate,
      counts,
      clock: { anchor: { wallSeconds: 0, monotonicSeconds: 0 }, nowSeconds: () => START_SECONDS },
      log: createLog({ role: 'datacenter', level: 'info', destination: { write: (line) => void log.push(line) } }),
    },
  );
  const send = (value: unknown) => handlers.onData(Buffer.from(`${JSON.stringify(value)}\n`));
  return { aggregate, counts, handlers, peer, send, log };
}

test('a client that leaves 64 KiB of acknowledgements unread is cut and counted', () => {
  const { counts, handlers, peer, send } = connect();
  let sequence = 0;
  for (; peer.destroyed === 0 && sequence < 10_000; sequence++) send(reportOf(0, { sequence, servers: [] }));
  assert.equal(peer.destroyed, 1);
  assert.ok(peer.bufferedBytes > 65_536 && peer.bufferedBytes < 65_536 + 100, `${peer.bufferedBytes} bytes`);
  handlers.onClose('closed');
  assert.equal(counts.rejected('slow-reader'), 1);
  assert.equal(counts.rejected('idle'), 0);
  assert.equal(counts.open, 0);
});

test('a client whose reports want no acknowledgement is never written to', () => {
  const { aggregate, peer, send } = connect();
  for (let count = 0; count < 100; count++) send(minimalReport(0));
  assert.equal(peer.bufferedBytes, 0);
  assert.equal(aggregate.racks[0]?.received, 100);
});

test('only one that was cut for its silence counts as idle', () => {
  for (const reason of ['peer', 'error', 'closed', 'idle'] as const) {
    const { counts, handlers } = connect();
    assert.equal(counts.open, 1);
    handlers.onClose(reason);
    assert.equal(counts.rejected('idle'), reason === 'idle' ? 1 : 0);
    assert.equal(counts.open, 0);
  }
});

test('what it is turned away for is logged once a reason', () => {
  const { send, log } = connect();
  for (let count = 0; count < 50; count++) {
    send({ rack_id: -1 });
    send(minimalReport(9));
  }
  const warnings = log.map((line) => JSON.parse(line) as { level: string; reason: string; detail: string | null });
  assert.deepEqual(
    warnings.filter(({ level }) => level === 'warn').map(({ reason, detail }) => [reason, detail?.split(':')[0]]),
    [
      ['bad-report', 'rack_id'],
      ['unexpected-rack', undefined],
    ],
  );
});
