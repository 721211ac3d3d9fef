import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/io/log.ts';
import { logFatal } from '../../src/io/log-fatal.ts';
import { UserError } from '../../src/io/user-error.ts';

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

test('why a role ends is one sentence when its user can mend it, and has its stack when nobody foresaw it', () => {
  const ends = (error: unknown): Record<string, unknown> => {
    const lines: string[] = [];
    const log = createLog({ role: 'rack', level: 'info', destination: { write: (line) => void lines.push(line) } });
    logFatal(log, error);
    assert.equal(lines.length, 1);
    const { time: _, ...event }: Record<string, unknown> = JSON.parse(lines[0] ?? '');
    return event;
  };
  const cause = new Error('there is no such file');
  assert.deepEqual(ends(new UserError('the key: there is no such file', { cause })), {
    level: 'fatal',
    role: 'rack',
    msg: 'the key: there is no such file',
  });
  const { err, msg } = ends(new TypeError('x is not a function'));
  assert.equal(msg, 'x is not a function');
  assert.match(JSON.stringify(err), /TypeError: x is not a function\\n {4}at .*io-log\.test\.ts/);
});
