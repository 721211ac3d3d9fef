import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/io/log.ts';
import { plainRoleLine, shownLevel } from '../../src/lab/role-log.ts';

/** What a role's log writes. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  let line = '';
  write(createLog({ role: 'rack', level: 'trace', destination: { write: (text) => void (line += text) } }));
  return line.trimEnd();
}

test('a structured line becomes a plain one: who, what, and the details', () => {
  const line = written((log) => log.warn({ cause: 'ECONNREFUSED', tries: 3 }, 'datacenter not reachable'));
  assert.equal(plainRoleLine('rack-2', line, 'warn'), 'rack-2: datacenter not reachable (cause ECONNREFUSED, tries 3)');
  const plain = written((log) => log.fatal('cannot listen for samples'));
  assert.equal(plainRoleLine('rack-2', plain, 'warn'), 'rack-2: cannot listen for samples');
});

test('of an error only its message is told', () => {
  const line = written((log) => log.error({ err: new Error('disk full') }, 'a request failed'));
  assert.equal(plainRoleLine('agent-0', line, 'warn'), 'agent-0: a request failed (err disk full)');
});

test('lines below the level are left out, those at it are not', () => {
  const info = written((log) => log.info('listening'));
  const warn = written((log) => log.warn('late'));
  assert.equal(plainRoleLine('rack-0', info, 'warn'), null);
  assert.equal(plainRoleLine('rack-0', info, 'info'), 'rack-0: listening');
  assert.equal(plainRoleLine('rack-0', warn, 'warn'), 'rack-0: late');
  assert.equal(plainRoleLine('rack-0', '{"level":"strange","msg":"odd"}', 'fatal'), 'rack-0: odd');
});

test('what is no structured line is told as it is, a blank one not at all', () => {
  assert.equal(plainRoleLine('rack-0', '    at main (file.ts:3:1)', 'warn'), 'rack-0: at main (file.ts:3:1)');
  assert.equal(plainRoleLine('rack-0', '{"level":"warn', 'warn'), 'rack-0: {"level":"warn');
  assert.equal(plainRoleLine('rack-0', '  ', 'trace'), null);
});

test('a line is bounded and steers no terminal', () => {
  const long = plainRoleLine('rack-0', 'x'.repeat(5000), 'warn');
  assert.equal(long?.length, 300);
  const line = JSON.stringify({ level: 'warn', msg: 'name \u001B[2J\u202Eevil\nnext' });
  assert.equal(plainRoleLine('rack-0', line, 'warn'), 'rack-0: name [2Jevil next');
});

test('asking for more than information shows it', () => {
  assert.deepEqual(['silent', 'error', 'info', 'debug', 'trace'].map(shownLevel), [
    'warn',
    'warn',
    'warn',
    'debug',
    'trace',
  ]);
});
