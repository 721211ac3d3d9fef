import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeText } from '../../scripts/compose/compose-file.ts';
import { prometheusTargets, type TargetGroup, targetsText } from '../../scripts/compose/prometheus-targets.ts';
import { composeConfig, parseCompose } from '../support/compose-services.ts';

test('every service that has metrics is a target under its own name, and nothing else is', () => {
  const config = composeConfig({ racks: '2', servers: '3' });
  const groups = Object.values(prometheusTargets(config)).flat();
  const targets = groups.flatMap((group) => group.targets.map((target) => target.split(':')[0] ?? ''));
  const services = Object.keys(parseCompose(composeText(config)).services);
  const without = new Set(['keys', 'grafana', 'chaos']);
  assert.deepEqual(targets.toSorted(), services.filter((name) => !without.has(name)).toSorted());
  for (const { targets: addresses, labels } of groups) assert.equal(addresses[0]?.split(':')[0], labels.instance);
});

test('labels say where a target stands', () => {
  const files = prometheusTargets(composeConfig({ racks: '2', servers: '3', 'dc-id': 'berlin' }));
  const last = (name: string): TargetGroup | undefined => files[name]?.at(-1);
  assert.deepEqual(Object.keys(files), ['datacenter.json', 'racks.json', 'servers.json', 'prometheus.json']);
  assert.deepEqual(last('datacenter.json'), {
    targets: ['datacenter:8000'],
    labels: { instance: 'datacenter', dc_id: 'berlin' },
  });
  assert.deepEqual(last('racks.json')?.labels, { instance: 'rack-1', dc_id: 'berlin', rack_id: '1' });
  assert.deepEqual(last('servers.json'), {
    targets: ['server-1-2:8000'],
    labels: { instance: 'server-1-2', dc_id: 'berlin', rack_id: '1', server_id: '2' },
  });
  assert.deepEqual(last('prometheus.json')?.targets, ['prometheus:9090']);
});

test('a file of targets is JSON', () => {
  const groups = prometheusTargets(composeConfig())['servers.json'] ?? [];
  assert.deepEqual(JSON.parse(targetsText(groups)), groups);
});
