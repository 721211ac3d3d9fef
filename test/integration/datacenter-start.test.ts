import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createLog } from '../../src/io/log.ts';
import { clientOf, connectClient, runDatacenter, start } from '../support/datacenter-client.ts';
import { reportOf } from '../support/datacenter-reports.ts';

/** Listens on a port, a free one by default. */
async function occupy(context: TestContext, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer();
  context.after(() => server.close());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, port: address.port };
}

async function freePort(context: TestContext): Promise<number> {
  const { server, port } = await occupy(context);
  server.close();
  await once(server, 'close');
  return port;
}

describe('start', () => {
  test('both ports answer for readiness, health and metrics', async (context) => {
    const { datacenter, get } = await runDatacenter(context);
    for (const port of [datacenter.apiPort, datacenter.metricsPort]) {
      for (const path of ['/healthz', '/readyz', '/metrics']) {
        // oxlint-disable-next-line no-await-in-loop -- six requests, one after the other
        assert.equal((await get(path, port)).status, 200, `${port}${path}`);
      }
    }
    assert.equal((await get('/api/v1/health', datacenter.metricsPort)).status, 404);
    const bad = await get('/api/v1/events?limit=1001');
    assert.equal(bad.status, 400);
    assert.match(JSON.stringify(await bad.json()), /limit is .*1001.*: allowed is a whole number from 1 to 1000/);
  });

  for (const taken of ['tcpListenPort', 'apiPort', 'metricsPort'] as const) {
    test(`names a taken port and leaves nothing open: ${taken}`, async (context) => {
      const ports = {
        tcpListenPort: await freePort(context),
        apiPort: await freePort(context),
        metricsPort: await freePort(context),
      };
      const { server } = await occupy(context, ports[taken]);
      await assert.rejects(start(ports), new RegExp(`cannot listen for .*127\\.0\\.0\\.1:${ports[taken]}.*taken`));
      server.close();
      await once(server, 'close');
      await Promise.all(Object.values(ports).map((port) => occupy(context, port)));
    });
  }

  for (const { apiHost, apiTokenFile, warnings } of [
    { apiHost: '127.0.0.1', apiTokenFile: null, warnings: 0 },
    { apiHost: '0.0.0.0', apiTokenFile: null, warnings: 1 },
    { apiHost: '0.0.0.0', apiTokenFile: import.meta.filename, warnings: null },
  ]) {
    test(`says once when others can read its API: ${apiHost}, ${apiTokenFile === null ? 'no' : 'a bad'} token`, async (context) => {
      const lines: string[] = [];
      const log = createLog({
        role: 'datacenter',
        level: 'warn',
        destination: { write: (line) => void lines.push(line) },
      });
      const running = runDatacenter(context, { apiHost, apiTokenFile }, { log });
      if (warnings === null) {
        await assert.rejects(running, /the token file .* cannot be used: A token is 32 to 256 printable characters/);
        return;
      }
      await running;
      // A checkout whose page was never built says so, too.
      const others = lines.filter((line) => !line.includes('The page was not built'));
      assert.equal(others.length, warnings, lines.join(''));
      assert.ok(others.every((line) => line.includes('give --api-token-file')));
    });
  }

  test('names a TLS file that cannot be read', async () => {
    const files = { tlsCertFile: '/nonexistent/server.pem', tlsKeyFile: '/nonexistent/server.key' };
    await assert.rejects(start(files), /--tls-(cert|key)-file/);
  });
});

describe('close', () => {
  test('is prompt and idempotent, frees its ports, and cuts who does not leave', async (context) => {
    const { datacenter, get } = await runDatacenter(context, { numRacks: 1 });
    const client = await connectClient(context, datacenter.reportPort);
    client.send(reportOf(0));
    await client.answer();
    await (await get('/healthz')).text();
    const stubborn = await connectClient(context, datacenter.reportPort);
    stubborn.socket.allowHalfOpen = true;
    const first = datacenter.close();
    const second = datacenter.close();
    await Promise.all([first, second, client.closed]);
    await datacenter.close();
    const { reportPort, apiPort, metricsPort } = datacenter;
    await Promise.all([reportPort, apiPort, metricsPort].map((port) => occupy(context, port)));
  });
});

describe('TLS with client certificates', () => {
  const file = (name: string) => new URL(`../fixtures/tls/${name}`, import.meta.url).pathname;
  const server = { tlsCertFile: file('server.pem'), tlsKeyFile: file('server.key'), tlsCaFile: file('ca.pem') };

  async function dial(port: number, identity: string | null): Promise<TLSSocket> {
    const [ca, cert, key] = await Promise.all(
      ['ca.pem', `${identity ?? 'client'}.pem`, `${identity ?? 'client'}.key`].map((name) => readFile(file(name))),
    );
    return connectTls({ host: '127.0.0.1', port, ca, ...(identity !== null && { cert, key }) });
  }

  test('a rack with a certificate of the authority is heard', async (context) => {
    const { datacenter } = await runDatacenter(context, { ...server, numRacks: 1 });
    const client = clientOf(context, await dial(datacenter.reportPort, 'client'));
    client.send(reportOf(0));
    assert.deepEqual(await client.answer(), { type: 'ack', boot_id: 100, sequence: 1 });
  });

  test('one without, one with a certificate of its own and one without TLS are turned away', async (context) => {
    const { datacenter, health, metricIs } = await runDatacenter(context, { ...server, numRacks: 1 });
    const clients = [
      clientOf(context, await dial(datacenter.reportPort, null)),
      clientOf(context, await dial(datacenter.reportPort, 'stranger')),
      await connectClient(context, datacenter.reportPort),
    ];
    for (const client of clients) client.send(reportOf(0));
    await Promise.all(clients.map((client) => client.closed));
    await metricIs('netwatch_report_connections_rejected_total{reason="bad-tls"}', 3);
    assert.equal((await health()).racks[0]?.status, 'warming');
  });
});
