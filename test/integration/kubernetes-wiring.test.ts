import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createProbeRoutes } from '../../src/io/probe-routes.ts';
import { skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf } from '../support/manifest-clusters.ts';
import { configurationOf, roleOf } from '../support/manifest-configuration.ts';
import { mountAt, mountedFiles } from '../support/manifest-files.ts';
import { reached } from '../support/manifest-names.ts';
import { type Pod, podsOf, podTemplates } from '../support/manifest-pods.ts';

/** What answers whether a container has started, is ready and is alive. */
const PROBES = {
  grafana: ['/api/health', '/api/health', '/api/health'],
  prometheus: ['/-/ready', '/-/ready', '/-/healthy'],
};
const ROLE_PROBES = ['/healthz', '/readyz', '/healthz'];

for (const name of CLUSTER_NAMES) {
  describe(name, { skip }, () => {
    const manifests = clusterOf(name);
    const templates = podTemplates(manifests);
    const pods = podsOf(templates);
    const appsAt = (host: string, port: number, protocol: 'TCP' | 'UDP') =>
      reached(manifests, pods, { host, port, protocol }).map((pod) => pod.name);
    const ofApp = (app: string) => pods.filter((pod) => pod.app === app);

    test('a rack reports to the datacenter controller', () => {
      // As the label dc_id of what is scraped has it.
      for (const pod of ofApp('datacenter')) assert.equal(configurationOf('datacenter', pod).dcId, '0');
      for (const pod of ofApp('rack')) {
        const { rackId, dcControllerHost, dcControllerPort } = configurationOf('rack', pod);
        assert.equal(pod.name, `rack-${rackId}`);
        assert.deepEqual(appsAt(dcControllerHost, dcControllerPort, 'TCP'), [ofApp('datacenter')[0]?.name]);
      }
    });

    test('a server sends to the controller of its rack', () => {
      for (const pod of ofApp('server')) {
        if (name === 'nodes') {
          const { racks, rackControllerHost, rackControllerPort, ...place } = configurationOf('place', pod);
          assert.deepEqual([place.nodeName, place.namespace], [pod.nodeName, 'netwatch']);
          for (let rack = 0; rack < racks; rack += 1) {
            const host = rackControllerHost.replace('{rack}', String(rack));
            assert.deepEqual(appsAt(host, rackControllerPort, 'UDP'), [`rack-${rack}`]);
          }
        } else {
          const { rackId, serverIds, rackControllerHost, rackControllerPort } = configurationOf('agent', pod);
          assert.equal(pod.name, name === 'base' ? `server-${serverIds[0]}` : `server-${rackId}-${serverIds[0]}`);
          assert.equal(pod.labels['rack'], String(rackId));
          assert.deepEqual(appsAt(rackControllerHost, rackControllerPort, 'UDP'), [`rack-${rackId}`]);
        }
      }
    });

    test('each probe asks what is served, where it is served', () => {
      for (const { of, labels, spec } of templates) {
        for (const container of spec.containers) {
          const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
          const paths = PROBES[labels['app'] as keyof typeof PROBES] ?? ROLE_PROBES;
          assert.deepEqual(
            probes.map((probe) => probe?.httpGet?.path),
            paths,
            of,
          );
          const port = roleOf(container) === null ? 'http' : 'metrics';
          for (const probe of probes) assert.equal(probe?.httpGet?.port, port, of);
          const { periodSeconds = 10, failureThreshold = 3 } = container.startupProbe ?? {};
          assert.ok(periodSeconds * failureThreshold >= 30, `${of} has time to start`);
          // A node that is busy is no reason to start anew.
          assert.ok((container.livenessProbe?.timeoutSeconds ?? 1) >= 5, of);
        }
      }
      const routes = createProbeRoutes({
        metrics: { contentType: '', text: async () => '' },
        isReady: () => true,
        notReady: '',
      });
      for (const path of ROLE_PROBES) assert.ok(Object.hasOwn(routes, `GET ${path}`), path);
    });

    test('a role is started as its image says, and has time to end in order', () => {
      for (const { of, spec, containers } of templates) {
        assert.ok((spec.terminationGracePeriodSeconds ?? 30) >= 10, of);
        for (const container of containers) {
          assert.deepEqual([container.command, container.lifecycle], [undefined, undefined], of);
          const isTold = container.name === 'prometheus' || (name === 'nodes' && container.name === 'agent');
          assert.equal((container.args ?? []).length > 0, isTold, `${of}, container ${container.name}`);
        }
      }
    });

    test('every file that a role is told of is there, and every directory that it writes to', () => {
      for (const pod of pods) for (const line of missingPaths(pod)) assert.fail(`${pod.name}: ${line}`);
      for (const { of, spec, containers } of templates) {
        const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
        const volumes = (spec.volumes ?? []).map((volume) => volume.name);
        assert.deepEqual([...new Set(mounted)].toSorted(), volumes.toSorted(), `${of} mounts each of its volumes`);
      }
    });

    /** What a role ought to be told of and is not, and what it is told of and does not find. */
    function missingPaths(pod: Pod): readonly string[] {
      return pod.template.containers.flatMap((container) => {
        const role = roleOf(container);
        if (role === null) return [];
        const { spec } = pod.template;
        const files = mountedFiles(manifests, spec, container);
        const needs = (path: string | null, key: string) =>
          files.get(path ?? '')?.source === `secret netwatch: ${key}` ? [] : [`${path} is not ${key}`];
        if (role === 'rack') {
          const { keyFile, incidentDir } = configurationOf('rack', pod);
          const at = mountAt(spec, container, incidentDir ?? '');
          return [...needs(keyFile, 'udp.key'), ...(at?.isWritable && at.volume.emptyDir ? [] : [`${incidentDir}`])];
        }
        if (role === 'agent') return needs(configurationOf('agent', pod).keyFile, 'udp.key');
        if (role === 'datacenter') {
          const { apiTokenFile, controlTokenFile } = configurationOf('datacenter', pod);
          return [...needs(apiTokenFile, 'api-token'), ...needs(controlTokenFile, 'control-token')];
        }
        const { out } = configurationOf('place', pod);
        const [agent] = spec.containers;
        const [written, read] = [container, agent ?? container].map((one) => mountAt(spec, one, out));
        const isShared = written?.isWritable && written.volume.emptyDir && read?.volume === written.volume;
        const isRead = agent?.args?.join(' ') === `--config ${out}` && read?.mountPath === written?.mountPath;
        return isShared && isRead ? [] : [`${out} is not what the agent reads`];
      });
    }
  });
}
