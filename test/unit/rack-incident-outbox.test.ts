import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitUntil } from '../support/wait-until.ts';
import { IncidentOutbox } from '../../src/rack/incidents/incident-outbox.ts';
import { MAX_PART_BYTES, parseIncidentAnswer, type IncidentAnswer } from '../../src/wire/incident-answer.ts';
import type { IncidentRequest } from '../../src/wire/incident-request.ts';
import { INCIDENT } from '../support/incidents.ts';

const ID = INCIDENT.incident_id;
const ENTRY = { ...INCIDENT, bytes: 5, is_complete: true };

/** An outbox of one capsule of five bytes, and a connection that takes lines while it is free. */
function open() {
  const reads: number[] = [];
  const outbox = new IncidentOutbox({
    rackId: 1,
    directory: {
      revision: 7,
      entries: [ENTRY],
      read: (id, offset, maxBytes) => {
        reads.push(maxBytes);
        if (id !== ID) return offset > 100 ? Promise.reject(new Error('EIO')) : Promise.resolve(null);
        return Promise.resolve({ data: Buffer.from('abcd\n').subarray(offset), totalBytes: 5 });
      },
    },
  });
  const told: IncidentAnswer[] = [];
  const connection = { isFree: true, offered: 0 };
  const tick = (): void =>
    outbox.tick((line) => {
      const answer = parseIncidentAnswer(line);
      assert.ok(answer);
      connection.offered++;
      if (connection.isFree) told.push(answer);
      return connection.isFree;
    });
  /** Ticks until so many answers were told in all. */
  const untilTold = (count: number) =>
    waitUntil(`${count} answers`, () => {
      tick();
      return told.length >= count;
    });
  return { outbox, told, reads, connection, tick, untilTold };
}

const ask = (changes: Partial<IncidentRequest> = {}): IncidentRequest => ({
  type: 'incident-request',
  rack_id: 1,
  incident_id: ID,
  request_id: 3,
  offset: 0,
  ...changes,
});

test('requests are answered in order: the list, parts, and what is not there', async () => {
  const { outbox, told, reads, untilTold } = open();
  outbox.ask(ask({ rack_id: 2 }));
  outbox.ask(ask({ incident_id: null }));
  outbox.ask(ask({ offset: 2 }));
  outbox.ask(ask({ incident_id: 'gone', request_id: 4 }));
  outbox.ask(ask({ incident_id: 'unreadable', request_id: 5, offset: 101 }));
  await untilTold(4);
  const about = { type: 'incident-part', rack_id: 1 } as const;
  assert.deepEqual(told, [
    { type: 'incidents', rack_id: 1, revision: 7, incidents: [ENTRY] },
    { ...about, request_id: 3, offset: 2, total_bytes: 5, data: Buffer.from('cd\n').toString('base64') },
    { ...about, request_id: 4, offset: 0, total_bytes: null, data: '' },
    { ...about, request_id: 5, offset: 101, total_bytes: null, data: '' },
  ]);
  assert.ok(reads.every((bytes) => bytes === MAX_PART_BYTES));
});

test('one answer at most waits for a connection that has better to do, and none for the next connection', async () => {
  const { outbox, told, reads, connection, tick, untilTold } = open();
  connection.isFree = false;
  for (const request_id of [1, 2, 3]) outbox.ask(ask({ request_id }));
  await waitUntil('the first is read', () => {
    tick();
    return reads.length > 0;
  });
  tick();
  assert.deepEqual([told.length, reads.length], [0, 1]);
  outbox.ask(null);
  connection.isFree = true;
  outbox.ask(ask({ request_id: 9 }));
  await untilTold(1);
  assert.deepEqual(
    told.map((answer) => answer.type === 'incident-part' && answer.request_id),
    [9],
  );
});

test('more requests than there are downloads are not kept', async () => {
  const { outbox, told, tick, untilTold } = open();
  for (let request_id = 0; request_id < 100; request_id++) outbox.ask(ask({ request_id }));
  await untilTold(8);
  tick();
  assert.equal(told.length, 8);
  assert.equal(outbox.dropped('too-many'), 92);
});

test('whatever is asked is answered or counted', async () => {
  const { outbox, told, connection, tick, untilTold, reads } = open();
  outbox.ask(ask({ rack_id: 2 }));
  assert.equal(outbox.dropped('other-rack'), 1);
  // One is read, one waits.
  connection.isFree = false;
  outbox.ask(ask({ request_id: 1 }));
  outbox.ask(ask({ request_id: 2 }));
  tick();
  assert.equal(reads.length, 1);
  outbox.ask(null);
  await waitUntil('the one that was read is given up', () => outbox.dropped('disconnected') === 2);
  // One waits for the connection, one for that.
  outbox.ask(ask({ request_id: 3 }));
  outbox.ask(ask({ request_id: 4 }));
  await waitUntil('an answer is offered', () => {
    tick();
    return connection.offered > 0;
  });
  outbox.ask(null);
  assert.equal(outbox.dropped('disconnected'), 4);
  connection.isFree = true;
  outbox.ask(ask({ request_id: 5 }));
  await untilTold(1);
  outbox.ask(null);
  assert.deepEqual([told.length, outbox.dropped('disconnected'), outbox.dropped('too-many')], [1, 4, 0]);
});
