import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  MAX_NOTICE_BYTES,
  parseChaosEnd,
  parseChaosNotice,
  type ParsedNotice,
} from '../../src/wire/chaos-notice-schema.ts';
import { endOf, noticeOf } from '../support/chaos-notices.ts';

const problemOf = (parsed: ParsedNotice<unknown>): string => {
  assert.equal(parsed.kind, 'problem');
  return parsed.kind === 'problem' ? parsed.problem : '';
};
const SERVER = { rack_id: 0, server_ids: [0] };

describe('a notice', () => {
  test('is taken as it is', () => {
    for (const notice of [noticeOf(), noticeOf({ until: null }), noticeOf({ kinds: ['loss', 'rate'] })]) {
      assert.deepEqual(parseChaosNotice(notice), { kind: 'notice', notice });
    }
  });

  test('of the most servers fits a request', () => {
    const serverIds = Array.from({ length: 256 }, (_, index) => 65_535 - index);
    const servers = Array.from({ length: 64 }, (_, index) => ({ rack_id: 65_535 - index, server_ids: serverIds }));
    const notice = noticeOf({ servers, description: '�'.repeat(512) });
    assert.equal(parseChaosNotice(notice).kind, 'notice');
    assert.ok(Buffer.byteLength(JSON.stringify(notice)) < MAX_NOTICE_BYTES);
  });

  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ id: 7 }, 'id is 7: allowed is 12 hex digits in lower case.'],
    [{ id: '0123456789AB' }, 'id is "0123456789AB": allowed is 12 hex digits in lower case.'],
    [{ target: '' }, 'target is "": allowed is 1 to 63 printable characters.'],
    [{ scope: 'rack\u001b[2J' }, 'scope is "rack\\u001b[2J": allowed is 1 to 63 printable characters.'],
    [{ kinds: [] }, 'kinds is []: allowed is 1 to 7 kinds of impairment.'],
    [{ kinds: 'loss' }, 'kinds is "loss": allowed is 1 to 7 kinds of impairment.'],
    [{ kinds: ['a lot'] }, /^kinds\.0 is "a lot": allowed is one of delay, jitter, loss, .*rate\.$/.source],
    [{ description: 'x'.repeat(513) }, `description is "${'x'.repeat(59)}…: allowed is 1 to 512 printable characters.`],
    [{ servers: [] }, 'servers is []: allowed is 1 to 64 racks.'],
    [{ servers: [SERVER, 7] }, 'servers.1 is 7: allowed is rack_id and server_ids.'],
    [{ servers: [{ ...SERVER, name: 1 }] }, 'servers.0.name is not known: allowed is rack_id and server_ids.'],
    [
      { servers: [{ ...SERVER, rack_id: 65_536 }] },
      'servers.0.rack_id is 65536: allowed is a rack id from 0 to 65535.',
    ],
    [{ servers: [{ ...SERVER, server_ids: [] }] }, 'servers.0.server_ids is []: allowed is 1 to 256 server ids.'],
    [
      { servers: [{ ...SERVER, server_ids: [1.5] }] },
      'servers.0.server_ids.0 is 1.5: allowed is a server id from 0 to 65535.',
    ],
    [{ began_at: 'now' }, 'began_at is "now": allowed is Unix seconds above 0.'],
    [{ until: 0 }, 'until is 0: allowed is Unix seconds above 0, or null.'],
    [{ began_at: 8, until: 8 }, 'until is 8: allowed is later than began_at, or null.'],
  ];
  for (const [changes, expected] of wrong) {
    test(`names what is wrong: ${expected.slice(0, 60)}`, () => {
      const problem = problemOf(parseChaosNotice({ ...noticeOf(), ...changes }));
      if (expected.startsWith('^')) assert.match(problem, new RegExp(expected));
      else assert.equal(problem, expected);
    });
  }

  test('of too many racks or servers is refused', () => {
    const many = Array.from({ length: 65 }, (_, index) => ({ rack_id: index, server_ids: [0] }));
    assert.match(
      problemOf(parseChaosNotice({ ...noticeOf(), servers: many })),
      /^servers is .*: allowed is 1 to 64 racks/,
    );
    const ids = Array.from({ length: 257 }, (_, index) => index);
    const servers = [{ rack_id: 0, server_ids: ids }];
    assert.match(
      problemOf(parseChaosNotice({ ...noticeOf(), servers })),
      /^servers\.0\.server_ids is .*1 to 256 server ids/,
    );
  });

  test('that lacks a field or has another one is refused, and so is what is no object', () => {
    const { until: _, ...lacking } = noticeOf();
    assert.match(problemOf(parseChaosNotice(lacking)), /^until is missing: /);
    assert.match(
      problemOf(parseChaosNotice({ ...noticeOf(), severity: 1 })),
      /^severity is not known: allowed is an object of id, /,
    );
    for (const value of [7, null, 'x', undefined]) assert.match(problemOf(parseChaosNotice(value)), /^the body is /);
    assert.equal(parseChaosNotice([]).kind, 'problem');
  });
});

test('an end is taken, or its field is named', () => {
  assert.deepEqual(parseChaosEnd(endOf()), { kind: 'notice', notice: endOf() });
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ id: null }, 'id is null: allowed is 12 hex digits in lower case.'],
    [{ ended_at: -1 }, 'ended_at is -1: allowed is Unix seconds above 0.'],
    [{ reason: 'bored' }, 'reason is "bored": allowed is one of cleared, expired, failed.'],
    [{ until: 1 }, 'until is not known: allowed is an object of id, ended_at and reason.'],
  ];
  for (const [changes, expected] of wrong) {
    assert.equal(problemOf(parseChaosEnd({ ...endOf(), ...changes })), expected);
  }
});
