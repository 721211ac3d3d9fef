import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/io/log.ts';

test('one JSON line an event, with role, level and time; what is below the level is not written', () => {
  const lines: string[] = [];
  const log = createLog({ role: 'rack', level: 'info', destination: { write: (line) => void lines.push(line) } });
  log.debug('not this');
  log.warn({ port: 9999 }, 'two\nlines');
  const [line = ''] = lines;
  assert.equal(lines.length, 1);
  assert.equal(line.indexOf('\n'), line.length - 1);
  const { time, ...event }: Record<string, unknown> = JSON.parse(line);
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual(event, { level: 'warn', role: 'rack', port: 9999, msg: 'two\nlines' });
});
