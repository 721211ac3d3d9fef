import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalWords } from '../../src/web/shell/refusal-words.ts';

const NONE = 'No token was shown: send "Authorization: Bearer TOKEN", the token of --api-token-file.';
const WRONG = 'The token is not the one of --api-token-file.';

test('who lacks a token is asked for it in words without headers', () => {
  for (const [detail, hadToken] of [
    [NONE, false],
    [WRONG, true],
  ] as const) {
    const { words, asksToken } = refusalWords(detail, hadToken);
    assert.equal(asksToken, true);
    assert.match(words, /token/);
    assert.doesNotMatch(words, /Bearer|--/);
  }
  assert.match(refusalWords(WRONG, true).words, /does not know that token/);
});

test('where no token would help, none is asked for, and what the controller says is told', () => {
  const other = 'This datacenter listens on loopback and was asked for by another name, as pages of other sites might.';
  assert.deepEqual(refusalWords(other, false), {
    words: `The controller does not let this page in: ${other}`,
    asksToken: false,
  });
});
