import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScreen } from '../../src/terminal/screen.ts';
import { createFakeTerminal } from '../support/fake-terminal.ts';

const ENTER_ALTERNATE = '\u001B[?1049h';
const LEAVE_ALTERNATE = '\u001B[?1049l';

test('draws in place, again when the terminal is resized, and gives it back', async () => {
  const terminal = createFakeTerminal({ columns: 40, rows: 10 });
  const screen = startScreen({ stream: terminal, render: ({ columns, rows }) => [`${columns}×${rows}`, 'two'] });
  assert.ok(terminal.written().startsWith(ENTER_ALTERNATE));
  assert.ok(terminal.written().includes('\u001B[H\u001B[K40×10\r\n\u001B[Ktwo\r\n\u001B[J'));
  assert.ok(!terminal.written().includes('\u001B[2J'), 'never clears the whole screen');

  terminal.resize({ columns: 60, rows: 20 });
  assert.ok(terminal.written().includes('60×20'));

  await screen.close();
  assert.ok(terminal.written().endsWith(LEAVE_ALTERNATE));
  assert.ok(terminal.written().includes('\u001B[?25h'), 'shows the cursor');
  const atEnd = terminal.written();
  await screen.close();
  screen.refresh();
  terminal.resize({ columns: 30, rows: 5 });
  assert.equal(terminal.written(), atEnd, 'writes nothing once closed');
  assert.equal(terminal.listenerCount('resize'), 0);
  assert.equal(process.listeners('exit').length, 0);
});

test('a terminal that cannot keep up gets the newest frame once it can', async () => {
  const terminal = createFakeTerminal({ columns: 40, rows: 10 });
  let frames = 0;
  const screen = startScreen({ stream: terminal, render: () => [`frame ${(frames += 1)}`] });
  terminal.needDrain = true;
  screen.refresh();
  screen.refresh();
  assert.equal(frames, 1);
  terminal.needDrain = false;
  terminal.emit('drain');
  assert.equal(frames, 2);
  terminal.emit('drain');
  assert.equal(frames, 2);
  await screen.close();
});

test('needs a terminal', () => {
  const stream = createFakeTerminal({ columns: 40, rows: 10, isTTY: false });
  assert.throws(() => startScreen({ stream, render: () => [] }), /needs a terminal/);
  assert.equal(stream.written(), '');
});
