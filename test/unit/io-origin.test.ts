import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopbackName, isOriginAllowed } from '../../src/io/origin.ts';

const CASES: readonly [what: string, origin: string | null, host: string | null, isAllowed: boolean][] = [
  ['no browser', null, '127.0.0.1:8080', true],
  ['its own page', 'http://127.0.0.1:8080', '127.0.0.1:8080', true],
  ['its own page, on the port of its scheme', 'http://netwatch.example', 'netwatch.example:80', true],
  ['its own page, over IPv6', 'http://[::1]:8080', '[::1]:8080', true],
  ['a page that is allowed by name', 'https://desk.example', '127.0.0.1:8080', true],
  ['that name with another scheme', 'http://desk.example', '127.0.0.1:8080', false],
  ['another port of this machine', 'http://127.0.0.1:3000', '127.0.0.1:8080', false],
  ['another site', 'http://evil.example', '127.0.0.1:8080', false],
  ['a name that begins alike', 'http://127.0.0.1:8080.evil.example', '127.0.0.1:8080', false],
  ['a page from a file', 'null', '127.0.0.1:8080', false],
  ['a request without a host', 'http://127.0.0.1:8080', null, false],
  ['no URL at all', '127.0.0.1:8080', '127.0.0.1:8080', false],
];

for (const [what, origin, host, isAllowed] of CASES) {
  test(`${isAllowed ? 'allowed' : 'not allowed'}: ${what}`, () => {
    assert.equal(isOriginAllowed({ origin, host }, ['https://desk.example']), isAllowed);
  });
}

const NAMES: readonly [host: string | null, isAnswered: boolean][] = [
  [null, true],
  ['127.0.0.1:8080', true],
  ['[::1]:8080', true],
  ['localhost:8080', true],
  ['netwatch.localhost', true],
  ['desk.example:8443', true],
  ['evil.example:8080', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example:8080', false],
  ['', false],
  ['not a host', false],
];

for (const [host, isAnswered] of NAMES) {
  test(`on loopback ${isAnswered ? 'answered' : 'not answered'}: ${host ?? 'no host'}`, () => {
    assert.equal(isLoopbackName(host, ['https://desk.example:8443']), isAnswered);
  });
}
