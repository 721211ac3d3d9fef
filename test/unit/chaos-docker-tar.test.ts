import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTarFile, tarBytes } from '../../src/chaos/docker/tar-file.ts';
import { tarOfFile, tarOfLink } from '../support/tar-of.ts';

const textOf = (tar: Uint8Array, maxBytes = 4096): string => Buffer.from(readTarFile(tar, maxBytes)).toString();

for (const format of ['ustar', 'pax', 'gnu'] as const) {
  test(`the file in a tar of the format ${format}`, () => {
    for (const length of [0, 1, 65, 511, 512, 513, 4096]) {
      const content = 'x'.repeat(length);
      assert.equal(textOf(tarOfFile(content, format)), content);
    }
  });
}

test('as many bytes as were asked for are enough for a file of the allowed size, and what follows is not looked at', () => {
  const content = 'y'.repeat(4096);
  for (const format of ['ustar', 'pax'] as const) {
    assert.equal(textOf(tarOfFile(content, format).subarray(0, tarBytes(4096))), content);
  }
});

test('a file that is too large is refused by what its header says, however little of it came', () => {
  const tar = tarOfFile('z'.repeat(5000));
  for (const cut of [tar, tar.subarray(0, 512)]) {
    assert.throws(() => readTarFile(cut, 4096), { message: 'it has 5000 bytes, at most 4096 are allowed' });
  }
});

test('what is no plain file is not read', () => {
  assert.throws(() => readTarFile(tarOfLink('/etc/shadow'), 4096), { message: 'it is a symbolic link, not a file' });
});

test('what was cut off is not taken for the whole', () => {
  const tar = tarOfFile('a'.repeat(600));
  assert.throws(() => readTarFile(tar.subarray(0, 512 + 599), 4096), {
    message: 'Docker sent less than the whole file',
  });
  assert.throws(() => readTarFile(tar.subarray(0, 511), 4096), { message: 'Docker sent less than a tar' });
  assert.throws(() => readTarFile(new Uint8Array(0), 4096), { message: 'Docker sent less than a tar' });
});

test('an empty tar, one that is damaged, and what is none', () => {
  assert.throws(() => readTarFile(new Uint8Array(1024), 4096), { message: 'Docker sent a tar without a file' });
  const noTar = { message: 'Docker sent no tar, or a damaged one' };
  assert.throws(() => readTarFile(Buffer.alloc(1024, 'NetWatch'), 4096), noTar);
  for (const at of [0, 100, 124, 135, 149, 156, 257, 500]) {
    const damaged = Uint8Array.from(tarOfFile('token'));
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.throws(() => readTarFile(damaged, 4096), noTar, `byte ${at}`);
  }
});

test('descriptions without end are not followed', () => {
  const described = tarOfFile('token', 'ustar').slice(0, 512);
  // A description of no bytes, with the sum that goes with it.
  described.fill(0x30, 124, 135);
  described[156] = 'x'.charCodeAt(0);
  const sum = described.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  described.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  const tar = Buffer.concat([...Array.from({ length: 20 }, () => described), tarOfFile('token')]);
  assert.throws(() => readTarFile(tar, 4096), { message: 'Docker sent too much before the file' });
  assert.equal(textOf(Buffer.concat([described, described, tarOfFile('token')])), 'token');
});
