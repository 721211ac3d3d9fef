import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeSample, isPlainSample, readSample } from '../../src/wire/sample-datagram.ts';
import { KEY, SAMPLE } from '../support/wire-values.ts';

/** Written by hand from the table: NW, 1, type | rack 1 | server 2 | boot | sequence | 1.7000000005e18 ns | 0.5 | −0.25 */
const PLAIN = '4e570100 0001 0002 deadbeef 01020304 17979cfe53f76500 3f000000 be800000'.replaceAll(' ', '');
/** Bit 7 of the type is set; the tag is from Python's hmac. */
const TAGGED = `${PLAIN.replace('4e570100', '4e570180')}dc640e36420c793f756407e9c66a7513`;

test('a sample is these 32 bytes, and with a key these 48', () => {
  assert.equal(encodeSample(SAMPLE, null).toString('hex'), PLAIN);
  assert.equal(encodeSample(SAMPLE, KEY).toString('hex'), TAGGED);
});

test('a sample is read in place, at any offset of a ring of shared memory', () => {
  const ring = new Uint8Array(new SharedArrayBuffer(101));
  ring.set(Buffer.from(PLAIN, 'hex'), 69);
  const view = new DataView(ring.buffer);
  assert.equal(isPlainSample(view, 69, 32), true);
  assert.deepEqual(readSample(view, 69), SAMPLE);
});

test('a plain sample is told by its prefix and its length', () => {
  const tagged = Buffer.from(TAGGED, 'hex');
  const view = new DataView(tagged.buffer, tagged.byteOffset, tagged.length);
  assert.equal(isPlainSample(view, 0, 48), false);
  assert.equal(isPlainSample(view, 0, 32), false);
  view.setUint8(3, 0);
  assert.equal(isPlainSample(view, 0, 32), true);
  assert.equal(isPlainSample(view, 0, 31), false);
});

test('the encoder refuses what no rack would accept', () => {
  const refusals = [
    [{ bootId: null }, /boot id/],
    [{ re: null }, /quadrature/],
    [{ im: Number.NaN }, /not-finite/],
    [{ re: 1.1e6 }, /out-of-range/],
    [{ sentSeconds: 0 }, /out-of-range/],
    [{ sentSeconds: Infinity }, /not-finite/],
    [{ rackId: 65_536 }, /out of range/],
    [{ sequence: 2 ** 32 }, /out of range/],
    [{ serverId: 0.5 }, /integers/],
  ] as const;
  for (const [change, message] of refusals) {
    assert.throws(() => encodeSample({ ...SAMPLE, ...change }, null), { name: 'RangeError', message });
  }
});
