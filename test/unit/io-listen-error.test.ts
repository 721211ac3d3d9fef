import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, ListenError } from '../../src/io/listen-error.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`listen ${code}`), { code });
}

test('says what could not be listened for, where, and why', () => {
  const place = { purpose: 'samples', protocol: 'udp', host: '127.0.0.1', port: 9999 } as const;
  const taken = new ListenError(systemError('EADDRINUSE'), place);
  assert.equal(taken.message, 'cannot listen for samples on 127.0.0.1:9999 (udp): the port is taken');
  assert.equal(taken.code, 'EADDRINUSE');
  const foreign = new ListenError(systemError('EADDRNOTAVAIL'), { ...place, host: '::2' });
  assert.equal(foreign.message, 'cannot listen for samples on [::2]:9999 (udp): this machine has no such address');
  const other = new ListenError(systemError('EWEIRD'), place);
  assert.equal(other.message, 'cannot listen for samples on 127.0.0.1:9999 (udp): listen EWEIRD');
});

test('a code is always a text', () => {
  assert.equal(errorCode(systemError('ENOTFOUND')), 'ENOTFOUND');
  assert.equal(errorCode(new Error('bare')), 'UNKNOWN');
  assert.equal(errorCode({ code: 'FAKE' }), 'UNKNOWN');
});
