import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import type { Target } from '../../src/chaos/target.ts';
import { type DockerDouble, startDockerDouble } from './docker-double.ts';
import { rateInjection } from './injections.ts';

const { signal } = new AbortController();

/** The docker target, and the double that it speaks to. */
export async function startDockerTarget(context: TestContext): Promise<{ double: DockerDouble; target: Target }> {
  const double = await startDockerDouble(context);
  const target = createDockerTarget({ dockerHost: double.host, helperImage: 'netwatch-chaos', composeProject: null });
  context.after(() => target.close());
  return { double, target };
}

/** Applies to every server and gives the problems, in the order of the servers. */
export async function applyToAll(
  target: Target,
  more: Parameters<typeof rateInjection>[0] = {},
): Promise<(string | null)[]> {
  const servers = await target.list(signal);
  const outcomes = await target.apply(rateInjection(more), servers, signal);
  assert.deepEqual(
    outcomes.map(({ server }) => server),
    servers,
  );
  return outcomes.map(({ problem }) => problem);
}
