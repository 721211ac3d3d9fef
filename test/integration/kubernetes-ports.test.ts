import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ofKind, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf } from '../support/manifest-clusters.ts';
import { configurationOf } from '../support/manifest-configuration.ts';
import { governingService, portOf } from '../support/manifest-names.ts';
import { type Pod, podsOf, podTemplates, selects, type ServiceSpec } from '../support/manifest-pods.ts';

const OTHER_PORTS = { grafana: ['http 3000/TCP'], prometheus: ['http 9090/TCP'] };

for (const name of CLUSTER_NAMES) {
  describe(name, { skip }, () => {
    const manifests = clusterOf(name);
    const templates = podTemplates(manifests);
    const pods = podsOf(templates);

    test('a port of a container is one that its role listens on, from everywhere', () => {
      for (const pod of pods) {
        assert.deepEqual(
          pod.template.spec.containers
            .flatMap(({ ports = [] }) => ports)
            .map((port) => `${port.name} ${port.containerPort}/${port.protocol ?? 'TCP'}`),
          listensOn(pod),
          pod.name,
        );
      }
    });

    test('every port of a Service is one of its pods', () => {
      for (const { metadata, spec } of ofKind<ServiceSpec>(manifests, 'Service')) {
        const behind = templates.filter(({ labels }) => selects({ matchLabels: spec.selector }, labels));
        assert.ok(behind.length > 0, metadata.name);
        // From outside there is one way in: overlays/gateway.
        assert.equal(spec.type ?? 'ClusterIP', 'ClusterIP', metadata.name);
        for (const { port, targetPort, protocol } of spec.ports) {
          for (const pod of behind) {
            const found = portOf(pod, targetPort, protocol);
            assert.ok(found, `Service ${metadata.name}: ${pod.of} has no port ${targetPort}/${protocol}`);
            // Without an address of its own it is the pod that is connected to, on the pod's port.
            if (spec.clusterIP === 'None') assert.equal(port, found.containerPort, metadata.name);
          }
        }
      }
    });

    test('pods of a StatefulSet have the names of a headless Service that selects them', () => {
      for (const template of templates.filter(({ kind }) => kind === 'StatefulSet')) {
        const service = ofKind<ServiceSpec>(manifests, 'Service').find(
          ({ metadata }) => metadata.name === governingService(manifests, template),
        );
        assert.equal(service?.spec.clusterIP, 'None', template.of);
        assert.ok(selects({ matchLabels: service.spec.selector }, template.labels), template.of);
        // A rack is ready once it has judged servers, which must find it before.
        if (template.name === 'rack') assert.equal(service.spec.publishNotReadyAddresses, true);
      }
    });
  });
}

/** The ports of a pod, as what runs in it is configured. */
function listensOn(pod: Pod): readonly string[] {
  const everywhere = (host: string) => assert.equal(host, '0.0.0.0', pod.name);
  if (pod.app === 'datacenter') {
    const config = configurationOf('datacenter', pod);
    for (const host of [config.apiHost, config.tcpListenHost, config.metricsHost]) everywhere(host);
    return [`http ${config.apiPort}/TCP`, `reports ${config.tcpListenPort}/TCP`, `metrics ${config.metricsPort}/TCP`];
  }
  if (pod.app === 'rack') {
    const config = configurationOf('rack', pod);
    for (const host of [config.udpListenHost, config.metricsHost]) everywhere(host);
    return [`samples ${config.udpListenPort}/UDP`, `metrics ${config.metricsPort}/TCP`];
  }
  if (pod.app === 'server') {
    const config = configurationOf('agent', pod);
    everywhere(config.metricsHost);
    return [`metrics ${config.metricsPort}/TCP`];
  }
  return OTHER_PORTS[pod.app as keyof typeof OTHER_PORTS] ?? [];
}
