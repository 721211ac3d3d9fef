import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineDecoder, type LineEvent } from '../../src/wire/line-decoder.ts';

const TOO_LONG: LineEvent = { kind: 'too-long' };

function line(text: string): LineEvent {
  return { kind: 'line', text };
}

function decode(chunks: readonly string[], maxLineBytes = 8): LineEvent[] {
  const decoder = createLineDecoder({ maxLineBytes });
  return chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk, 'latin1')));
}

test('lines end with a newline, wherever the chunks end', () => {
  assert.deepEqual(decode(['a\nb', 'c', '\n', '', 'd']), [line('a'), line('bc')]);
  assert.deepEqual(decode(['\n\n']), [line(''), line('')]);
});

test('a line of the limit is a line; a byte more is too long, once, and the next is a line again', () => {
  assert.deepEqual(decode(['12345678\n']), [line('12345678')]);
  assert.deepEqual(decode(['123456789\nok\n']), [TOO_LONG, line('ok')]);
  assert.deepEqual(decode(['1234', '56789', '0'.repeat(100), '0\nok\n']), [TOO_LONG, line('ok')]);
  assert.deepEqual(decode(['123456789\n123456789\n']), [TOO_LONG, TOO_LONG]);
});

test('a long line is told before it ends', () => {
  assert.deepEqual(decode(['123456789']), [TOO_LONG]);
});

test('a character cut in two is whole again, and what is not UTF-8 is replaced', () => {
  assert.deepEqual(decode(['\xe6\xbc', '\xa2\n']), [line('漢')]);
  assert.deepEqual(decode(['a\xffb\n']), [line('a\ufffdb')]);
});

test('a line of many pieces is whole, however far it grows', () => {
  const pieces = Array.from({ length: 3000 }, (_, index) => `${index},`);
  assert.deepEqual(decode([...pieces, '\n'], 20_000), [line(pieces.join(''))]);
});

test('a chunk may be overwritten once it was pushed', () => {
  const decoder = createLineDecoder({ maxLineBytes: 8 });
  const chunk = Buffer.from('abc');
  decoder.push(chunk);
  chunk.fill(0);
  assert.deepEqual(decoder.push(Buffer.from('\n')), [line('abc')]);
});

test('10 MiB without a newline, byte by byte or at once, are skipped in bounded memory', () => {
  const decoder = createLineDecoder({ maxLineBytes: 1024 });
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const before = process.memoryUsage().arrayBuffers;
  const events: LineEvent[] = [];
  for (let pushed = 0; pushed < 160; pushed += 1) events.push(...decoder.push(chunk));
  const one = Buffer.from('x');
  for (let pushed = 0; pushed < 10_000; pushed += 1) events.push(...decoder.push(one));
  assert.ok(process.memoryUsage().arrayBuffers - before < 256 * 1024);
  assert.deepEqual(events, [TOO_LONG]);
  assert.deepEqual(decoder.push(Buffer.from('\nok\n')), [line('ok')]);
});
