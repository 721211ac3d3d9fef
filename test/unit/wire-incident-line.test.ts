import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeIncident, parseIncident } from '../../src/wire/incident-line.ts';
import { INCIDENT } from '../support/incidents.ts';

test('the head of a capsule is the same after its way through a file', () => {
  const line = encodeIncident(INCIDENT);
  assert.deepEqual(parseIncident(line), INCIDENT);
  assert.deepEqual(parseIncident(encodeIncident({ ...INCIDENT, name: null })), { ...INCIDENT, name: null });
});

test('its type comes first, whatever order its keys were given in', () => {
  const { type, ...others } = INCIDENT;
  assert.ok(encodeIncident({ ...others, type }).startsWith('{"type":"incident",'));
});

test('what is no head of a capsule is none', () => {
  const broken = [
    { ...INCIDENT, rack_id: 65_536 },
    { ...INCIDENT, type: 'frame' },
    { ...INCIDENT, kind: 'gremlins' },
    { ...INCIDENT, since: 'today' },
    { ...INCIDENT, name: 'a\u001b[2Jb' },
    ...['', '..', '../x', 'a/b', '.part', '-rf', 'a b', 'ä', 'x'.repeat(97)].map((id) => ({
      ...INCIDENT,
      incident_id: id,
    })),
  ];
  for (const value of broken) assert.equal(parseIncident(JSON.stringify(value)), null, JSON.stringify(value));
  for (const text of ['', '{"type":"incident",', 'null', '[]']) assert.equal(parseIncident(text), null);
});
