import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createKubernetesTarget, type KubernetesTimes } from '../../src/chaos/targets/kubernetes.ts';
import type { Outcome, Target, TargetServer } from '../../src/chaos/target.ts';
import type { Impairment } from '../../src/netem/impairment.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { impairmentOf, injectionOf, lossOf } from './injections.ts';
import { type KubernetesApiDouble, startKubernetesApiDouble } from './kubernetes-api-double.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';
import type { PodDouble } from './kubernetes-pod-double.ts';

/** 20 % for a minute. */
export const LOSS = minuteOf(lossOf(0.2));
/** 1 Mbit/s for a minute: tbf, which every kernel has. */
export const RATE = minuteOf(impairmentOf({ rateBitsPerSecond: 1_000_000 }));

function minuteOf(impairment: Impairment): Injection {
  return injectionOf({ phases: [{ seconds: 60, impairment }], seed: null });
}

/** Asks often, and is patient: what it waits for here always comes, and a slow machine is no failure. */
const PATIENT: KubernetesTimes = { pollIntervalMs: 5, startTimeoutMs: 60_000, undoTimeoutMs: 60_000 };
/** For what never comes. */
export const IMPATIENT: KubernetesTimes = { pollIntervalMs: 5, startTimeoutMs: 60, undoTimeoutMs: 60 };

export interface Cluster {
  readonly api: KubernetesApiDouble;
  readonly target: Target;
  readonly servers: readonly TargetServer[];
  readonly pods: readonly PodDouble[];
  readonly signal: AbortSignal;
}

/** Two servers of rack 3. */
export async function startCluster(context: TestContext, times = PATIENT): Promise<Cluster> {
  const api = await startKubernetesApiDouble(context);
  const pods = [0, 1].map((n) => api.addPod({ name: `server-3-${n}`, labels: serverLabels(3, n) }));
  const target = await openTarget(context, api, { times });
  const { signal } = context;
  const servers = await target.list(signal);
  assert.deepEqual(servers, [
    { rackId: 3, serverId: 0, place: 'pod netwatch/server-3-0' },
    { rackId: 3, serverId: 1, place: 'pod netwatch/server-3-1' },
  ]);
  return { api, target, servers, pods, signal };
}

interface TargetOptions {
  readonly times?: KubernetesTimes;
  readonly user?: object;
  readonly certificateAuthority?: Buffer;
  readonly kubeContext?: string;
}

export async function openTarget(
  context: TestContext,
  api: KubernetesApiDouble,
  options: TargetOptions = {},
): Promise<Target> {
  const { times = PATIENT, kubeContext = null } = options;
  const target = createKubernetesTarget({
    kubeconfig: await writeKubeconfig(context, api.url, options),
    kubeContext,
    namespace: 'netwatch',
    selector: 'app=server',
    helperImage: 'netwatch-chaos:1',
    times,
  });
  context.after(() => target.close());
  return target;
}

export function serverLabels(rackId: number, serverId: number): Record<string, string> {
  return { app: 'server', rack: String(rackId), server: String(serverId) };
}

/** What became of one server, in words. */
export function problemOf(outcomes: readonly Outcome[], index = 0): string {
  return outcomes[index]?.problem ?? 'no problem';
}
