import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { readTlsFiles, type TlsMaterial } from '../../src/io/tls-files.ts';
import { dial, listen } from './io-tcp-peers.ts';

const pem = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
const SERVER: TlsMaterial = { ca: pem('ca.pem'), cert: pem('server.pem'), key: pem('server.key') };
const CLIENT: TlsMaterial = { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') };

test('TLS with a client certificate carries lines, to a name and to an address', async (context) => {
  const { server, port, next } = await listen(context, { tls: SERVER });
  for (const host of ['127.0.0.1', 'localhost']) {
    const { line, next: lineNext } = dial(context, { host, port, tls: CLIENT });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await lineNext('writable');
    const data = next('data');
    const closed = next('closed');
    line.write(host);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await data;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await line.close();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.equal(await closed, 'peer');
  }
  assert.equal(server.connections, 0);
});

test('a client without the right certificate is rejected and counted', async (context) => {
  const { server, port, next } = await listen(context, { tls: SERVER });
  const none: TlsMaterial = { ...CLIENT, cert: null, key: null };
  const stranger: TlsMaterial = { ...CLIENT, cert: pem('stranger.pem'), key: pem('stranger.key') };
  for (const tls of [none, stranger]) {
    const rejected = next('rejected');
    const { line } = dial(context, { port, tls, firstRetryMs: 60_000 });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.equal(await rejected, 'tls');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await line.close(0);
  }
  assert.equal(server.connections, 0);
});

test('a server that is not who it should be is not talked to', async (context) => {
  const { port, heard } = await listen(context, { tls: { ...SERVER, ca: null } });
  const trustsOthers = dial(context, { port, tls: { ca: pem('stranger.pem'), cert: null, key: null } });
  assert.match(String(await trustsOthers.next('waiting')), /UNABLE_TO_|SELF_SIGNED/);
  const elsewhere = await listen(context, { tls: { ca: null, cert: pem('elsewhere.pem'), key: pem('elsewhere.key') } });
  const wrongName = dial(context, { port: elsewhere.port, tls: CLIENT });
  assert.equal(await wrongName.next('waiting'), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.deepEqual([heard, elsewhere.heard], [[], []]);
});

test('a TLS server closes although a client never began its handshake', async (context) => {
  const { server, port } = await listen(context, { tls: SERVER });
  const mute = connect(port, '127.0.0.1');
  mute.on('error', () => {});
  await once(mute, 'connect');
  const cut = new Promise((resolve) => void mute.resume().once('close', resolve));
  await server.close(20);
  await cut;
});

test('TLS files are read, and one that is not there is named with its flag', async () => {
  const path = new URL('../fixtures/tls/ca.pem', import.meta.url).pathname;
  assert.deepEqual(await readTlsFiles({ tlsCaFile: path, tlsCertFile: null, tlsKeyFile: null }), {
    ca: pem('ca.pem'),
    cert: null,
    key: null,
  });
  await assert.rejects(
    readTlsFiles({ tlsCaFile: null, tlsCertFile: `${path}.not`, tlsKeyFile: null }),
    /^UserError: --tls-cert-file: cannot read .*ca\.pem\.not: ENOENT: no such file or directory$/,
  );
});

test('a TLS file that is not what it should be is named with its flag', async () => {
  const path = (name: string): string => new URL(`../fixtures/tls/${name}`, import.meta.url).pathname;
  const none = { tlsCaFile: null, tlsCertFile: null, tlsKeyFile: null };
  const refused: readonly (readonly [Partial<Record<keyof typeof none, string>>, RegExp])[] = [
    [{ tlsCaFile: path('client.key') }, /^--tls-ca-file: \S+client\.key is no certificate in PEM form: /],
    [{ tlsCaFile: path('make.sh') }, /^--tls-ca-file: \S+make\.sh is no certificate in PEM form: nothing in it begins/],
    [{ tlsCertFile: path('client.key') }, /^--tls-cert-file: \S+client\.key is no certificate in PEM form: /],
    [{ tlsKeyFile: path('server.pem') }, /^--tls-key-file: \S+server\.pem is no private key in PEM form/],
    [
      { tlsCertFile: path('server.pem'), tlsKeyFile: path('client.key') },
      /^--tls-cert-file, --tls-key-file: \S+server\.pem and \S+client\.key cannot be used together: .*mismatch/,
    ],
  ];
  for (const [names, message] of refused) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await assert.rejects(readTlsFiles({ ...none, ...names }), { name: 'UserError', message });
  }
});
