import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import { parseExposition } from '../support/exposition.ts';
import { TOKEN } from '../support/kubeconfig-file.ts';
import { startLeaseDouble } from '../support/kubernetes-lease-double.ts';
import { kustomizeLacking, rendered } from '../support/kustomize.ts';
import { podTemplates, type PodTemplate } from '../support/manifest-pods.ts';
import { type PodFacts, PodRunner } from '../support/pod-runner.ts';
import { programsLacking } from '../support/programs.ts';
import { waitUntil } from '../support/wait-until.ts';

const lacks =
  kustomizeLacking() ??
  programsLacking({ ip: 'iproute2', nsenter: 'util-linux', setpriv: 'util-linux' }) ??
  (process.getuid?.() === 0 ? null : 'not root');
const skip = process.env.CI ? false : (lacks ?? false);

const KEY = 'ab'.repeat(32);
const API_TOKEN = 'cd'.repeat(32);
const SECRETS = '/run/netwatch/secrets';
const SERVICE_ACCOUNT = '/run/secrets/kubernetes.io/serviceaccount';

function templateOf(pods: readonly PodTemplate[], of: string): PodTemplate {
  const found = pods.find((pod) => pod.of === of);
  assert.ok(found, `${of} is rendered`);
  return found;
}

/** Starts a pod's main container, once all pods it is to find have their network. */
function start(runner: PodRunner, pod: PodTemplate, facts: PodFacts) {
  const [container] = pod.spec.containers;
  assert.ok(container);
  return runner.run(pod, container, facts);
}

/** What the kubelet asks of a pod's container, on the port that its probes name. */
async function probes(pod: PodTemplate, address: string): Promise<void> {
  const [container] = pod.spec.containers;
  for (const probe of [container?.startupProbe, container?.livenessProbe, container?.readinessProbe]) {
    const port = container?.ports?.find(({ name }) => name === probe?.httpGet?.port)?.containerPort;
    const url = `http://${address}:${port}${probe?.httpGet?.path}`;
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await waitUntil(`${url} answers`, async () => (await fetch(url).catch(() => null))?.ok === true);
  }
}

test('the lab as its manifests start it: user, arguments, environment, files and probes', { skip }, async (context) => {
  assert.equal(lacks, null);
  const pods = podTemplates(rendered('overlays/lab'));
  const [datacenter, rack, server] = ['Deployment datacenter', 'StatefulSet rack', 'StatefulSet server-0'].map((of) =>
    templateOf(pods, of),
  ) as [PodTemplate, PodTemplate, PodTemplate];
  const runner = new PodRunner(context);
  const key = { [`${SECRETS}/udp.key`]: KEY };
  const tokens = { [`${SECRETS}/api-token`]: API_TOKEN, [`${SECRETS}/control-token`]: 'ef'.repeat(32) };
  const facts: readonly [PodTemplate, PodFacts][] = [
    [datacenter, { name: 'datacenter', hosts: ['datacenter'], files: tokens }],
    [rack, { name: 'rack-0', hosts: ['rack-0.racks'], index: 0, files: key }],
    ...Array.from({ length: 8 }, (_, index): [PodTemplate, PodFacts] => [
      server,
      { name: `server-0-${index}`, hosts: [], index, files: key },
    ]),
  ];
  const addresses = facts.map(([, pod]) => runner.addPod(pod));
  const processes = facts.map(([pod, of]) => start(runner, pod, of));
  for (const [i, [pod]] of facts.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await probes(pod, addresses[i] ?? '');
  }
  const api = `http://${addresses[0]}:8080/api/v1/health`;
  assert.equal((await fetch(api)).status, 401, 'the API asks for its token');
  const tree = async () => {
    const response = await fetch(api, { headers: { authorization: `Bearer ${API_TOKEN}` } });
    return (await response.json()) as DatacenterHealth;
  };
  await waitUntil('all eight servers of rack 0 are healthy', async () => {
    const servers = (await tree()).racks[0]?.servers ?? [];
    return servers.filter(({ status }) => status === 'healthy').length === 8;
  });
  assert.deepEqual(
    (await tree()).racks.map(({ rack_id: id, servers }) => [id, servers.length]),
    [
      [0, 8],
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  );
  for (const running of processes.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.equal(await running.close(), 0, 'ends in order when it is told to');
  }
});

test('a node finds its place, and its agent is heard there', { skip }, async (context) => {
  assert.equal(lacks, null);
  const pods = podTemplates(rendered('overlays/nodes'));
  const [rack, agent] = [templateOf(pods, 'StatefulSet rack'), templateOf(pods, 'DaemonSet agent')];
  const tlsFile = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
  const api = await startLeaseDouble(context, { cert: tlsFile('server.pem'), key: tlsFile('server.key') });
  api.nodes.set('worker-1', { 'topology.kubernetes.io/zone': 'west-a' });
  const runner = new PodRunner(context);
  const key = { [`${SECRETS}/udp.key`]: KEY };
  const { hostname, port } = new URL(api.url);
  const placeFacts: PodFacts = {
    name: 'agent',
    hosts: [],
    nodeName: 'worker-1',
    isOnHost: true,
    kubelet: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    files: {
      [`${SERVICE_ACCOUNT}/token`]: TOKEN,
      [`${SERVICE_ACCOUNT}/ca.crt`]: tlsFile('ca.pem').toString('utf8'),
      [`${SERVICE_ACCOUNT}/namespace`]: 'netwatch',
    },
  };
  const [place] = agent.spec.initContainers ?? [];
  assert.ok(place);
  const placing = runner.run(agent, place, placeFacts);
  const { rackId, serverId } = await placing.logged('the node has its place');
  assert.deepEqual([rackId, serverId], [0, 0]);
  await waitUntil('the container that runs before the agent has ended', () => placing.hasExited);
  assert.equal(placing.child.exitCode, 0);
  const rackFacts: PodFacts = { name: 'rack-0', hosts: ['rack-0.racks', 'datacenter'], index: 0, files: key };
  // Its place is in what was written before it began, in the volume that both have.
  const agentFacts: PodFacts = { name: 'agent', hosts: [], files: key };
  const address = runner.addPod(rackFacts);
  runner.addPod(agentFacts);
  start(runner, rack, rackFacts);
  start(runner, agent, agentFacts);
  await waitUntil('the rack hears the agent of the node', async () => {
    const response = await fetch(`http://${address}:8000/metrics`).catch(() => null);
    const text = (await response?.text()) ?? '';
    return text.includes('name="worker-1"') && parseExposition(text).sum('netwatch_server_up') === 1;
  });
});
