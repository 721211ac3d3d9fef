import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { composeText } from '../../scripts/compose/compose-file.ts';
import { composeFiles } from '../../scripts/compose/compose-files.ts';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { loadConfig } from '../../src/config/load.ts';
import { optionsOf } from '../../src/config/options.ts';
import { rackSpec } from '../../src/config/rack.ts';
import { composeConfig, type ComposeFile, type ComposeService, parseCompose } from '../support/compose-services.ts';

const SPECS = { 'netwatch-agent': agentSpec, 'netwatch-rack': rackSpec, 'netwatch-datacenter': datacenterSpec };

/** Sizes and options that the rules must hold for. */
const VARIANTS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { racks: '1', servers: '1' },
  { racks: '2', servers: '3', 'key-file': './my.key' },
  { racks: '8', servers: '19', 'dc-id': 'berlin' },
  { racks: '16', servers: '4', 'frequency-plan': 'band:1-8', rate: '40' },
];

function generated(flags: Readonly<Record<string, unknown>>): ComposeFile {
  return parseCompose(composeText(composeConfig(flags)));
}

function entries(file: ComposeFile, image: string): readonly (readonly [string, ComposeService])[] {
  return Object.entries(file.services).filter(([name, service]) => service.image === image && name !== 'keys');
}

test('the committed files are current: if this fails, run npm run compose:generate', async () => {
  for (const [name, text] of await composeFiles(composeConfig())) {
    // oxlint-disable-next-line no-await-in-loop -- the first that differs is told
    assert.equal(await readFile(new URL(`../../${name}`, import.meta.url), 'utf8'), text, name);
  }
});

test('the lab has 37 controllers and servers, Prometheus and Grafana', () => {
  const file = generated({});
  const count = (image: string) => entries(file, image).length;
  assert.deepEqual([count('netwatch-datacenter'), count('netwatch-rack'), count('netwatch-agent')], [1, 4, 32]);
  assert.ok(file.services.prometheus && file.services.grafana);
});

for (const flags of VARIANTS) {
  const file = generated(flags);
  const services = Object.entries(file.services);
  const called = `compose file of ${JSON.stringify(flags)}`;

  test(`${called}: every service has limits and no right it does not need`, () => {
    for (const [name, service] of services) {
      assert.match(service.mem_limit ?? '', /^\d+m$/, name);
      assert.ok((service.cpus ?? 0) > 0 && (service.cpus ?? 0) <= 1, `${name}: more than a small machine's one core`);
      assert.ok((service.pids_limit ?? 0) > 0, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.deepEqual(service.networks, ['netwatch'], name);
      // Grafana keeps files outside its volume too.
      assert.equal(service.read_only, name !== 'grafana', name);
      assert.equal(service.restart, ['keys', 'chaos'].includes(name) ? 'no' : 'unless-stopped', name);
    }
    for (const [name, { mem_limit: limit }] of entries(file, 'netwatch-agent')) assert.equal(limit, '64m', name);
  });

  test(`${called}: every service that goes on has a health check`, () => {
    for (const [name, { image, healthcheck, restart }] of services) {
      if (restart === 'no') continue;
      // Our images bring their own.
      const isOurs = Object.hasOwn(SPECS, image);
      assert.equal((healthcheck?.test?.length ?? 0) > 0, !isOurs, name);
      assert.notEqual(healthcheck?.disable, true, name);
    }
  });

  test(`${called}: published on loopback only`, () => {
    const published = services.flatMap(([, { ports }]) => ports);
    assert.deepEqual(published.toSorted(), ['127.0.0.1:3000:3000', '127.0.0.1:8080:8080', '127.0.0.1:9095:9090']);
  });

  test(`${called}: who starts after whom`, () => {
    const waits = (name: string) => file.services[name]?.depends_on ?? {};
    assert.deepEqual(waits('keys'), {});
    assert.deepEqual(waits('datacenter'), { keys: { condition: 'service_completed_successfully' } });
    for (const [name] of entries(file, 'netwatch-rack')) {
      const conditions = Object.entries(waits(name)).map(([other, { condition }]) => `${other} ${condition}`);
      assert.deepEqual(conditions, ['keys service_completed_successfully', 'datacenter service_healthy'], name);
    }
    for (const [name, { labels }] of entries(file, 'netwatch-agent')) {
      assert.deepEqual(waits(name), { [`rack-${labels['netwatch.rack']}`]: { condition: 'service_healthy' } }, name);
    }
    assert.deepEqual(waits('prometheus'), { datacenter: { condition: 'service_healthy' } });
    assert.deepEqual(waits('grafana'), { prometheus: { condition: 'service_healthy' } });
  });

  test(`${called}: the roles take what they are told`, () => {
    for (const [image, spec] of Object.entries(SPECS)) {
      const known = new Set(optionsOf(spec).map(({ env }) => env));
      for (const [name, { environment }] of entries(file, image)) {
        for (const variable of Object.keys(environment)) assert.ok(known.has(variable), `${name}: ${variable}`);
        const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
        // Each is a type of its own.
        if (spec === agentSpec) loadConfig(agentSpec, { flags: {}, env, file: undefined });
        else if (spec === rackSpec) loadConfig(rackSpec, { flags: {}, env, file: undefined });
        else loadConfig(datacenterSpec, { flags: {}, env, file: undefined });
      }
    }
  });

  test(`${called}: every rack expects and has its servers`, () => {
    const { racks, serversPerRack } = composeConfig(flags);
    const labelled = entries(file, 'netwatch-agent').map(([name, { labels, environment }]) => {
      const { 'netwatch.role': role, 'netwatch.rack': rack, 'netwatch.server': server } = labels;
      assert.equal(role, 'server', name);
      assert.deepEqual([environment.RACK_ID, environment.SERVER_ID], [Number(rack), Number(server)], name);
      assert.equal(environment.RACK_CONTROLLER_HOST, `rack-${rack}`, name);
      return name;
    });
    const wanted = [...Array(racks).keys()].flatMap((rack) =>
      [...Array(serversPerRack).keys()].map((server) => `server-${rack}-${server}`),
    );
    assert.deepEqual(labelled, wanted);
    for (const [name, { environment, labels }] of entries(file, 'netwatch-rack')) {
      const expected = serversPerRack === 1 ? '0' : `0-${serversPerRack - 1}`;
      assert.equal(environment.NETWATCH_EXPECT, expected, name);
      assert.deepEqual(labels, { 'netwatch.role': 'rack', 'netwatch.rack': name.slice('rack-'.length) });
    }
    assert.equal(file.services.datacenter?.environment.NUM_RACKS, racks);
  });

  test(`${called}: each image of ours is built by one service, and none is pulled`, () => {
    for (const image of [...Object.keys(SPECS), 'netwatch-chaos']) {
      const users = services.filter(([, service]) => service.image === image);
      const builders = users.filter(([, { build }]) => build !== undefined).map(([name]) => name);
      assert.equal(builders.length, 1, `${image}: ${builders.join()}`);
      // Compose v1 builds service after service, so the builder is the first.
      assert.equal(users[0]?.[0], builders[0], image);
      for (const [name, { build, pull_policy: policy }] of users) {
        assert.equal(policy, build === undefined ? 'never' : undefined, name);
      }
    }
  });

  test(`${called}: only who makes key and token may write them, and only who needs them reads them`, () => {
    const mounts = (volume: string) =>
      services.flatMap(([name, { volumes }]) =>
        volumes.filter((mount) => mount.startsWith(`${volume}:`)).map((mount) => [name, mount] as const),
      );
    for (const [name, mount] of [...mounts('udp-key'), ...mounts('control-token')]) {
      assert.equal(mount.endsWith(':ro'), name !== 'keys', `${name}: ${mount}`);
    }
    assert.deepEqual(
      mounts('control-token').map(([name]) => name),
      ['keys', 'datacenter'],
    );
    for (const [name, { environment, volumes, secrets }] of services) {
      if (environment.NETWATCH_KEY_FILE === undefined) continue;
      const isOwn = flags['key-file'] !== undefined;
      assert.deepEqual(secrets, isOwn ? ['udp-key'] : [], name);
      assert.deepEqual(volumes, isOwn ? [] : ['udp-key:/run/netwatch/key:ro'], name);
      assert.equal(environment.NETWATCH_KEY_FILE, isOwn ? '/run/secrets/udp-key' : '/run/netwatch/key/udp.key', name);
    }
  });
}

test("a key of one's own is a secret of the file, and none is made", () => {
  const file = generated({ 'key-file': './my.key' });
  assert.deepEqual(file.secrets, { 'udp-key': { file: './my.key' } });
  assert.equal(Object.hasOwn(file.volumes, 'udp-key'), false);
  assert.doesNotMatch(JSON.stringify(file.services.keys), /udp/);
});

test('the rate and the plan reach racks and servers alike', () => {
  const file = generated({ racks: '2', servers: '2', 'frequency-plan': 'band:1-8', rate: '40' });
  for (const name of ['rack-1', 'server-1-1']) {
    const { NETWATCH_RATE: rate, NETWATCH_FREQUENCY_PLAN: plan } = file.services[name]?.environment ?? {};
    assert.deepEqual([rate, plan], [40, 'band:1-8'], name);
  }
});

test('a server takes no more than five lines', () => {
  const text = composeText(composeConfig());
  const block = /^ {2}server-0-3:\n(?: {4}.*\n)+/m.exec(text)?.[0] ?? '';
  assert.ok(block !== '' && block.trimEnd().split('\n').length <= 5, block);
});
