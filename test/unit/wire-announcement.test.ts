import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAnnouncement, readAnnouncement } from '../../src/wire/announcement.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { ANNOUNCEMENT, KEY } from '../support/wire-values.ts';

const BODY = '{"name":"web-1","version":"0.1.0","sample_rate_hz":20,"frequency_hz":2.1,"labels":{"zone":"a"}}';
/** NW, 1, type | rack 1 | server 2 | boot | sequence word 0 */
const HEADER = '4e570101 0001 0002 deadbeef 00000000'.replaceAll(' ', '');

function withBody(body: string): Buffer {
  return Buffer.concat([Buffer.from(HEADER, 'hex'), Buffer.from(body)]);
}

function withFields(change: object): Buffer {
  return withBody(JSON.stringify({ ...JSON.parse(BODY), ...change }));
}

test('an announcement is a header, JSON, and with a key a tag', () => {
  assert.deepEqual(encodeAnnouncement(ANNOUNCEMENT, null), withBody(BODY));
  const tagged = encodeAnnouncement(ANNOUNCEMENT, KEY).toString('hex');
  // The tag is from Python's hmac.
  const hex = `${HEADER.replace('4e570101', '4e570181')}${Buffer.from(BODY).toString('hex')}1efa787882df1e2ffe54458960381791`;
  assert.equal(tagged, hex);
  assert.deepEqual(decodeDatagram(Buffer.from(hex, 'hex'), { key: KEY }), {
    kind: 'announcement',
    announcement: ANNOUNCEMENT,
  });
});

test('keys that are not known are ignored, and labels may be left out', () => {
  assert.deepEqual(readAnnouncement(withFields({ later: [1] })), ANNOUNCEMENT);
  assert.deepEqual(readAnnouncement(withFields({ labels: undefined })), { ...ANNOUNCEMENT, labels: {} });
});

test('everything else is held to its type and limit', () => {
  const nineLabels = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, 'v']));
  const changes: object[] = [
    { name: '' },
    { name: 'x'.repeat(64) },
    { name: 'a\u001b[2J' },
    { name: 'a\u202eb' },
    { name: 'two\nlines' },
    { name: 'two\u2028lines' },
    { name: 7 },
    { version: null },
    { sample_rate_hz: 0 },
    { sample_rate_hz: -20 },
    { frequency_hz: '2.1' },
    { labels: nineLabels },
    { labels: ['a'] },
    { labels: { zone: 1 } },
    { labels: { zone: 'x'.repeat(64) } },
    { labels: { ['x'.repeat(64)]: 'a' } },
  ];
  for (const change of changes) {
    assert.equal(readAnnouncement(withFields(change)), 'bad-announcement', JSON.stringify(change));
  }
  const bodies = ['', 'null', '[]', BODY.slice(0, -1), BODY.replace('20', '1e999'), BODY.replace('20', 'NaN')];
  for (const body of bodies) assert.equal(readAnnouncement(withBody(body)), 'bad-announcement', body);
});

test('invalid UTF-8 and a sequence word that is not 0 are refused', () => {
  const broken = withBody(BODY);
  broken[broken.indexOf('web')] = 0xff;
  assert.equal(readAnnouncement(broken), 'bad-announcement');
  const counted = withBody(BODY);
  counted[15] = 1;
  assert.equal(readAnnouncement(counted), 'bad-announcement');
});

test('512 bytes of JSON fit, with a tag too, and 513 do not', () => {
  const labels = Object.fromEntries('abcdef'.split('').map((key) => [key, key.repeat(63)]));
  const spareBytes = 512 + 16 - encodeAnnouncement({ ...ANNOUNCEMENT, labels }, null).length;
  const announcement = { ...ANNOUNCEMENT, labels, name: ANNOUNCEMENT.name + 'x'.repeat(spareBytes) };
  const bytes = encodeAnnouncement(announcement, KEY);
  assert.equal(bytes.length, 16 + 512 + 16);
  assert.deepEqual(decodeDatagram(bytes, { key: KEY }), { kind: 'announcement', announcement });
  assert.throws(() => encodeAnnouncement({ ...announcement, name: `${announcement.name}x` }, KEY), /513 bytes/);
});

test('63 characters of any script are a name', () => {
  const name = '漢'.repeat(63);
  const decoded = readAnnouncement(encodeAnnouncement({ ...ANNOUNCEMENT, name }, null));
  assert.equal(typeof decoded === 'object' && decoded.name, name);
});

test('the encoder refuses what a rack would, and says which field or how many bytes', () => {
  const bad = { ...ANNOUNCEMENT, frequencyHz: Number.NaN };
  assert.throws(() => encodeAnnouncement(bad, null), { name: 'RangeError', message: /frequency_hz/ });
  const long = { ...ANNOUNCEMENT, labels: Object.fromEntries('abcdefgh'.split('').map((k) => [k, k.repeat(63)])) };
  assert.throws(() => encodeAnnouncement(long, null), { name: 'RangeError', message: /6\d\d bytes and at most 512/ });
  assert.throws(() => encodeAnnouncement({ ...ANNOUNCEMENT, rackId: -1 }, null), RangeError);
});
