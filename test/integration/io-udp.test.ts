import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { openUdpReceiver } from '../../src/io/udp-receiver.ts';
import { openUdpSender, type UdpSenderOptions } from '../../src/io/udp-sender.ts';
import { lastingPort } from '../support/lasting-port.ts';

const random = (): number => 0;

interface Heard {
  readonly text: string;
  readonly fromPort: number;
}

async function receiver(context: TestContext, place: { host?: string; port?: number } = {}) {
  const { host = '127.0.0.1', port = 0 } = place;
  const events = new EventEmitter();
  const udp = await openUdpReceiver({
    host,
    port,
    purpose: 'samples',
    onMessage: (bytes, from) => events.emit('message', { text: bytes.toString(), fromPort: from.port }),
    onError: (error) => events.emit('error', error),
  });
  context.after(() => udp.close());
  const next = (): Promise<Heard> => new Promise((resolve) => void events.once('message', resolve));
  return { ...udp, port: udp.address.port, next };
}

function sender(context: TestContext, options: Partial<UdpSenderOptions> & { port: number }) {
  const events = new EventEmitter();
  const codes: string[] = [];
  const udp = openUdpSender({
    host: '127.0.0.1',
    random,
    onError: (code) => {
      codes.push(code);
      events.emit(code);
    },
    ...options,
  });
  context.after(() => udp.close());
  return {
    ready: udp.ready,
    send: (bytes: Uint8Array) => udp.send(bytes),
    close: () => udp.close(),
    codes,
    failed: async (code: string): Promise<unknown> => once(events, code),
  };
}

test('a datagram arrives as it was sent', async (context) => {
  const rack = await receiver(context);
  const agent = sender(context, { port: rack.port });
  await agent.ready;
  const message = rack.next();
  agent.send(Buffer.from('NW'));
  assert.equal((await message).text, 'NW');
  await Promise.all([agent.close(), agent.close(), rack.close(), rack.close()]);
  agent.send(Buffer.from('after'));
  assert.deepEqual(agent.codes, []);
});

test('a taken port is named', async (context) => {
  const { port } = await receiver(context);
  await assert.rejects(receiver(context, { port }), {
    name: 'ListenError',
    code: 'EADDRINUSE',
    message: `cannot listen for samples on 127.0.0.1:${port} (udp): the port is taken`,
  });
});

async function bufferOf(receiveBufferBytes: number): Promise<number> {
  const callbacks = { onMessage: () => {}, onError: () => {} };
  const udp = await openUdpReceiver({
    host: '127.0.0.1',
    port: 0,
    purpose: 'samples',
    receiveBufferBytes,
    ...callbacks,
  });
  await udp.close();
  return udp.receiveBufferBytes;
}

test('the wanted receive buffer is asked for', async () => {
  assert.ok((await bufferOf(64 * 1024)) > (await bufferOf(16 * 1024)));
});

test('a receiver that restarts is heard again, and the refusals between are counted', async (context) => {
  const first = await receiver(context, { port: lastingPort() });
  const agent = sender(context, { port: first.port, resolveEveryMs: 20 });
  await agent.ready;
  await first.close();
  const refused = agent.failed('ECONNREFUSED');
  const timer = setInterval(() => agent.send(Buffer.from('tick')), 5);
  context.after(() => clearInterval(timer));
  await refused;
  const second = await receiver(context, { port: first.port });
  assert.equal((await second.next()).text, 'tick');
  assert.deepEqual(new Set(agent.codes), new Set(['ECONNREFUSED']));
});

test('an unknown name is resolved again until it is known', async (context) => {
  const rack = await receiver(context);
  let lookups = 0;
  const lookup = () => {
    lookups += 1;
    const unknown = Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    return lookups < 3 ? Promise.reject(unknown) : Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  };
  const agent = sender(context, { host: 'rack', port: rack.port, resolveEveryMs: 10, lookup });
  agent.send(Buffer.from('too early'));
  await agent.ready;
  const message = rack.next();
  agent.send(Buffer.from('now'));
  assert.equal((await message).text, 'now');
  assert.deepEqual(agent.codes, ['NOT_CONNECTED', 'ENOTFOUND', 'ENOTFOUND']);
});

/** A resolver whose answer can be changed, and which tells when it was asked. */
function changingNames(address: string) {
  const asked = new EventEmitter();
  const names = { address, asked: () => once(asked, 'asked') };
  const lookup = () => {
    setImmediate(() => asked.emit('asked'));
    return Promise.resolve([{ address: names.address, family: 4 }]);
  };
  return { names, lookup };
}

test('a name whose address stays keeps its socket', async (context) => {
  const rack = await receiver(context);
  const { names, lookup } = changingNames('127.0.0.1');
  const agent = sender(context, { host: 'rack', port: rack.port, resolveEveryMs: 10, lookup });
  await agent.ready;
  const ports = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const message = rack.next();
    agent.send(Buffer.from('here'));
    // oxlint-disable-next-line no-await-in-loop -- one resolution after the other
    ports.add((await message).fromPort);
    // oxlint-disable-next-line no-await-in-loop -- one resolution after the other
    await names.asked();
  }
  assert.equal(ports.size, 1);
});

const ONLY_LINUX = process.platform === 'linux' ? false : 'needs 127.0.0.2, which only Linux has from the start';

test('a name that moves is followed', { skip: ONLY_LINUX }, async (context) => {
  const rack = await receiver(context);
  const moved = await receiver(context, { host: '127.0.0.2', port: rack.port });
  const { names, lookup } = changingNames('127.0.0.1');
  const agent = sender(context, { host: 'rack', port: rack.port, resolveEveryMs: 10, lookup });
  await agent.ready;
  names.address = '127.0.0.2';
  const message = moved.next();
  const timer = setInterval(() => agent.send(Buffer.from('moved')), 5);
  context.after(() => clearInterval(timer));
  assert.equal((await message).text, 'moved');
  assert.deepEqual(agent.codes, []);
});

test('a sender that is closed while a name is being resolved opens nothing', async (context) => {
  const { promise, resolve } = Promise.withResolvers<{ address: string; family: number }[]>();
  const agent = sender(context, { host: 'rack', port: 9, lookup: () => promise });
  await agent.close();
  resolve([{ address: '127.0.0.1', family: 4 }]);
  await agent.ready;
  agent.send(Buffer.from('nothing'));
  assert.deepEqual(agent.codes, []);
});
