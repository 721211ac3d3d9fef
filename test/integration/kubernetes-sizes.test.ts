import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseCompose } from '../support/compose-services.ts';
import { ofKind, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf } from '../support/manifest-clusters.ts';
import { configurationOf } from '../support/manifest-configuration.ts';
import { mountAt } from '../support/manifest-files.ts';
import { podsOf, podTemplates } from '../support/manifest-pods.ts';
import { quantity } from '../support/manifest-quantities.ts';

const HOUR = 3600;
const project = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { version } = JSON.parse(project('package.json')) as { version: string };
const compose = parseCompose(project('docker-compose.yml')).services;
/** The service of docker-compose.yml that runs what a container runs. */
const SERVICES: Readonly<Record<string, string>> = {
  agent: 'server-0-0',
  datacenter: 'datacenter',
  grafana: 'grafana',
  prometheus: 'prometheus',
  rack: 'rack-0',
};
/** What has no service there: with the Leases of a thousand nodes it comes to 160 MiB. */
const PLACE = { memory: 192 * 2 ** 20, cpu: 0.25 };

for (const name of CLUSTER_NAMES) {
  describe(name, { skip }, () => {
    const manifests = clusterOf(name);
    const templates = podTemplates(manifests);
    const pods = podsOf(templates);
    const ofApp = (app: string) => pods.filter((pod) => pod.app === app);
    const racks = ofApp('rack').map((pod) => ({ pod, config: configurationOf('rack', pod) }));
    const agents = ofApp('server').map((pod) => ({ pod, config: configurationOf('agent', pod) }));
    const [datacenter] = ofApp('datacenter').map((pod) => configurationOf('datacenter', pod));

    test('all mean the same number of racks', () => {
      assert.deepEqual([ofApp('datacenter').length, datacenter?.numRacks], [1, racks.length]);
      const ids = racks.map(({ config }) => config.rackId).toSorted((a, b) => a - b);
      assert.deepEqual(
        ids,
        racks.map((_, i) => i),
      );
      const told =
        name === 'nodes' ? ofApp('server').map((pod) => configurationOf('place', pod).racks) : [racks.length];
      assert.deepEqual(told, [racks.length]);
    });

    test('a rack expects its servers, and hears the tones that they sing', () => {
      for (const { config: rack } of racks) {
        const own = agents.filter(({ config }) => name === 'nodes' || config.rackId === rack.rackId);
        const servers = own.flatMap(({ config }) => config.serverIds).toSorted((a, b) => a - b);
        assert.deepEqual(rack.expectedServerIds, name === 'nodes' ? null : servers);
        assert.ok(servers.length > 0);
        for (const { config } of own) {
          assert.deepEqual(config.frequencyPlan, rack.frequencyPlan);
          assert.equal(config.sampleRateHz, rack.sampleRateHz);
        }
      }
      for (const pod of name === 'nodes' ? ofApp('server') : []) {
        const { serversPerRack } = configurationOf('place', pod);
        for (const { config } of racks) assert.equal(config.maxServers, serversPerRack);
      }
    });

    test('who is silent is waited for, and remembered', () => {
      // A controller that moves to another node is away for some seconds.
      assert.ok((datacenter?.rackTimeoutSeconds ?? 0) >= 10);
      assert.ok((datacenter?.forgetAfterSeconds ?? 0) >= HOUR / 4);
      for (const { config } of racks) {
        assert.ok(config.forgetAfterSeconds >= (name === 'nodes' ? HOUR : HOUR / 4), `${config.forgetAfterSeconds} s`);
      }
    });

    test('limits are no less than what is asked for, nor than docker-compose.yml has', () => {
      for (const { of, containers } of templates) {
        for (const { name: container, resources: { requests = {}, limits = {} } = {} } of containers) {
          const where = `${of}, container ${container}`;
          for (const amounts of [requests, limits]) {
            assert.deepEqual(Object.keys(amounts).toSorted(), ['cpu', 'memory'], where);
          }
          const service = compose[SERVICES[container] ?? ''];
          const least = service ? { memory: bytes(service.mem_limit ?? ''), cpu: service.cpus ?? 0 } : PLACE;
          for (const key of ['cpu', 'memory'] as const) {
            assert.ok(quantity(limits[key]) >= quantity(requests[key]), `${where}: ${key} of limit and request`);
            assert.ok(quantity(limits[key]) >= least[key], `${where}: ${key} of limit and docker-compose.yml`);
            assert.ok(quantity(requests[key]) > 0, where);
          }
          assert.ok(quantity(requests['memory']) >= 32 * 2 ** 20, `${where} is not put where it has no room`);
        }
      }
    });

    test('volumes have a limit, and room for what is written to them', () => {
      for (const { of, spec } of templates) {
        for (const { emptyDir } of spec.volumes ?? []) {
          if (emptyDir) assert.ok(quantity(emptyDir.sizeLimit) >= 2 ** 20, of);
        }
      }
      for (const { pod, config } of racks) {
        const [container] = pod.template.spec.containers;
        assert.ok(container);
        const { volume } = mountAt(pod.template.spec, container, config.incidentDir ?? '') ?? {};
        assert.ok(quantity(volume?.emptyDir?.sizeLimit) >= config.incidentBytes * 1.1);
      }
      for (const { spec } of ofApp('prometheus').map(({ template }) => template)) {
        const kept = spec.containers[0]?.args?.find((arg) => arg.startsWith('--storage.tsdb.retention.size='));
        const [disk] = ofKind<{ resources: { requests: { storage: string } } }>(manifests, 'PersistentVolumeClaim');
        const room = quantity(disk?.spec.resources.requests.storage);
        assert.ok(bytes(kept?.split('=')[1] ?? '') <= room * 0.8, 'the disk has room for more than is kept');
      }
    });

    test('images are of this version, or those that docker-compose.yml has', () => {
      for (const { of, containers } of templates) {
        for (const { name: container, image = '', imagePullPolicy } of containers) {
          const known = compose[SERVICES[container] ?? '']?.image ?? `netwatch-${container}`;
          // The base is no overlay: which version, says whoever makes one of it.
          const isOurs = known.startsWith('netwatch-') && name !== 'base';
          assert.equal(image, isOurs ? `${known}:${version}` : known, of);
          assert.equal(imagePullPolicy, 'IfNotPresent', of);
        }
      }
    });
  });
}

/** `64m` of Compose, `6GB` of Prometheus: both count in powers of two. */
function bytes(text: string): number {
  return quantity(
    text.replace(/^(\d+)([mMgG])B?$/, (_, digits: string, unit: string) => `${digits}${unit.toUpperCase()}i`),
  );
}
