import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { ListenPlace } from '../../src/io/listen-error.ts';
import { checkPorts, PortsError } from '../../src/lab/ports.ts';

const HOST = '127.0.0.1';

function place(protocol: 'tcp' | 'udp', port: number, purpose: string): ListenPlace {
  return { protocol, host: HOST, port, purpose };
}

test('names every taken port, its protocol, what it is for and what to do', async (t) => {
  const tcp = createServer().listen(0, HOST);
  const udp = createSocket('udp4').bind(0, HOST);
  t.after(() => {
    tcp.close();
    udp.close();
  });
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
  const tcpAddress = tcp.address();
  assert.ok(typeof tcpAddress === 'object' && tcpAddress !== null);
  const udpPort = udp.address().port;

  const checked = checkPorts([
    place('tcp', tcpAddress.port, 'reports of the racks'),
    place('tcp', 0, 'metrics of rack-0'),
    place('udp', udpPort, 'samples of rack-2'),
  ]);

  await assert.rejects(checked, (error) => {
    assert.ok(error instanceof PortsError);
    assert.deepEqual(error.message.split('\n').slice(1), [
      `  cannot listen for reports of the racks on ${HOST}:${tcpAddress.port} (tcp): the port is taken`,
      `  cannot listen for samples of rack-2 on ${HOST}:${udpPort} (udp): the port is taken`,
      'Another lab or controller may be running: end it, or give this lab other ports, such as --base-port 20000.',
    ]);
    return true;
  });
});

test('holds no port once it has tried it', async () => {
  const found = createServer().listen(0, HOST);
  await once(found, 'listening');
  const address = found.address();
  assert.ok(typeof address === 'object' && address !== null);
  found.close();
  await once(found, 'close');
  const places = [place('tcp', address.port, 'metrics'), place('udp', address.port, 'samples')];
  await checkPorts(places);
  await checkPorts(places);
});

test('an address that is not of this machine is another advice', async () => {
  // 192.0.2.0/24 is for documentation: no machine has it (RFC 5737).
  await assert.rejects(checkPorts([{ ...place('tcp', 0, 'metrics'), host: '192.0.2.1' }]), {
    name: 'PortsError',
    message: /192\.0\.2\.1:0 \(tcp\): this machine has no such address\n.*--host/,
  });
});
