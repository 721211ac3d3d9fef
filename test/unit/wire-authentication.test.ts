import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKey, tag, verify } from '../../src/wire/authentication.ts';
import { KEY } from '../support/wire-values.ts';

test('a key file is 64 or more hexadecimal digits, white space around them ignored', () => {
  assert.deepEqual(parseKey(`\n ${KEY.toString('hex')}\r\n`), KEY);
  assert.deepEqual(parseKey('AB'.repeat(40)), Buffer.alloc(40, 0xab));
});

test('anything else is refused without showing it', () => {
  const refused = ['', 'ab'.repeat(31), 'ab'.repeat(32).slice(1), 'ab'.repeat(32) + 'c', 'xy'.repeat(32)];
  for (const text of [...refused, `${'ab'.repeat(16)} ${'ab'.repeat(16)}`]) {
    assert.throws(
      () => parseKey(text),
      (error: unknown) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, /64 or more hexadecimal digits/);
        assert.ok(text === '' || !error.message.includes(text.slice(0, 4)));
        return true;
      },
    );
  }
});

test('a tag is the first half of HMAC-SHA256: RFC 4231, test cases 1 and 2', () => {
  const first = tag(Buffer.from('Hi There'), Buffer.alloc(20, 0x0b));
  assert.equal(first.toString('hex'), 'b0344c61d8db38535ca8afceaf0bf12b');
  const second = tag(Buffer.from('what do ya want for nothing?'), Buffer.from('Jefe'));
  assert.equal(second.toString('hex'), '5bdcc146bf60754e6a042426089575c7');
});

test('verify accepts only the tag of these bytes by this key', () => {
  const bytes = Buffer.from('tone');
  const signed = Buffer.concat([bytes, tag(bytes, KEY)]);
  assert.equal(verify(signed, KEY), true);
  assert.equal(verify(signed, Buffer.alloc(32)), false);
  assert.equal(verify(signed.subarray(1), KEY), false);
  assert.equal(verify(signed.subarray(0, 15), KEY), false);
});
