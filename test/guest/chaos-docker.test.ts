import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Impairment } from '../../src/netem/impairment.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { type DockerCluster, startDockerCluster } from '../support/docker-cluster.ts';
import { delayOf, injectionOf, lossOf } from '../support/injections.ts';
import { waitUntil } from '../support/wait-until.ts';

// Real containers on a kernel with netem. How an injection is held, killed, swept and refused is tested with a rate,
// which needs no such kernel.

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** Prints what a rack in the same container says of its one server, twice a second. */
const READER = `setInterval(async () => {
  const text = await fetch('http://127.0.0.1:8000/metrics').then((response) => response.text(), () => '');
  const value = (name) => new RegExp('^netwatch_' + name + '{[^}]*} (.*)$', 'm').exec(text)?.[1];
  console.log(value('packets_received_total'), value('server_spectral_error'));
}, 500)`;

let cluster: DockerCluster;
/** A server of the rack that is broken, and one of another rack. */
let name: string;
let peer: string;

before(async () => {
  cluster = await startDockerCluster('base');
  const mounts = [`--volume=${process.execPath}:/usr/local/bin/node:ro`, `--volume=${PROJECT}:/app:ro`];
  [name, peer] = [await cluster.addServer(0, 0, ...mounts), await cluster.addServer(1, 0, ...mounts)];
});
after(async () => cluster?.close());

/** Unseeded: the guest's kernel cannot seed netem. */
function breaking(impairment: Impairment, said: Partial<Injection>): Injection {
  return injectionOf({ phases: [{ seconds: 60, impairment }], seed: null, ...said });
}

test('a delay holds for its time and undoes itself', async () => {
  await cluster.inject(breaking(delayOf(0.3), { durationSeconds: 15 }), [0]);
  assert.match(await cluster.qdiscs(name), /qdisc netem 4e57: .*delay 300ms/);
  const broken = await cluster.ping(name, peer, '-c 5', '-i 0.2', '-w 30');
  assert.ok(broken.minMs >= 299, JSON.stringify(broken));
  await cluster.untilFree(name);
  await waitUntil('nothing is held', async () => (await cluster.held()).length === 0);
  const whole = await cluster.ping(name, peer, '-c 20', '-i 0.05', '-w 30');
  assert.ok(whole.minMs < 150 && whole.lossRatio === 0, JSON.stringify(whole));
});

test('losses one way and the other way', async () => {
  await cluster.inject(breaking(lossOf(0.2), { direction: 'both' }), [0]);
  const count = 400;
  const { lossRatio } = await cluster.ping(name, peer, `-c ${count}`, '-i 0.01', '-W 1');
  // A ping survives both ways with 0.64. Five standard deviations to either side.
  assert.ok(Math.abs(lossRatio - 0.36) < 0.12, `lost ${lossRatio}`);
  await cluster.clear();
  assert.doesNotMatch(await cluster.qdiscs(name), /4e57:|ingress/);
  assert.equal((await cluster.ping(name, peer, '-c 50', '-i 0.01')).lossRatio, 0);
  assert.deepEqual(await cluster.helpers(), []);
});

test('a helper that is killed leaves its losses, both ways, and a clear sweeps them', async () => {
  await cluster.inject(breaking(lossOf(1), { direction: 'both', sparePorts: [9990] }), [0]);
  await cluster.engine.docker('kill', '--signal=KILL', `netwatch-chaos-${name}`);
  assert.equal((await cluster.ping(name, peer, '-c 3', '-i 0.1', '-W 1')).lossRatio, 1);
  assert.deepEqual(await cluster.held(), [`${name} leftover: its helper container was killed (exit 137)`]);
  await cluster.clear();
  assert.equal((await cluster.ping(name, peer, '-c 20', '-i 0.05')).lossRatio, 0);
  assert.deepEqual([await cluster.held(), await cluster.helpers()], [[], []]);
});

test('a rack hears a fifth lost as a spectral error of 0.2, and the server whole after the undo', async (context) => {
  const run = async (where: string, ...args: readonly string[]): Promise<string> =>
    cluster.engine.docker('exec', '--detach', where, 'node', '/app/src/cli.ts', ...args);
  await run(peer, 'rack', '--udp-listen-host=0.0.0.0');
  await run(name, 'agent', `--rack-controller-host=${await cluster.addressOf(peer)}`);
  const readings = cluster.engine.lines('exec', peer, 'node', '--eval', READER);
  context.after(() => readings.end());
  const read = (): { received: number; error: number } => {
    const [received, error] = (readings.lines.at(-1) ?? '').split(' ').map(Number);
    return { received: received ?? Number.NaN, error: error ?? Number.NaN };
  };
  const untilHealthy = async (): Promise<unknown> => waitUntil('the server is whole', () => read().error < 0.02);

  await untilHealthy();
  await cluster.inject(breaking(lossOf(0.2), { durationSeconds: null }), [0]);
  // One window of 256 slots, until none of its samples is from before; then the mean of six windows. That of one has a
  // standard deviation of 0.035, that of six one of 0.014.
  const { received } = read();
  await waitUntil('a window is full of losses', () => read().received > received + 256);
  const first = readings.lines.length;
  await waitUntil('six windows were heard', () => read().received > received + 7 * 256 * 0.8, 180_000);
  const errors = readings.lines.slice(first).map((line) => Number(line.split(' ')[1]));
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  assert.ok(Math.abs(mean - 0.2) < 0.05, `the spectral error is ${mean}`);
  await cluster.clear();
  await untilHealthy();
});
