import type { V1Container } from '@kubernetes/client-node';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { loadConfig } from '../../src/config/load.ts';
import { optionsOf } from '../../src/config/options.ts';
import { placeSpec } from '../../src/config/place.ts';
import { rackSpec } from '../../src/config/rack.ts';
import { imageFacts } from './image-facts.ts';
import type { Pod } from './manifest-pods.ts';
import { environmentOf } from './pod-environment.ts';

const SPECS = { agent: agentSpec, rack: rackSpec, datacenter: datacenterSpec, place: placeSpec };

/** What runs in a container, for those that run a role of ours. */
export type Role = keyof typeof SPECS;

type ConfigOf<R extends Role> = ReturnType<(typeof SPECS)[R]['resolve']>;

/** The role whose image a container runs; null for Prometheus and Grafana. */
export function roleOf({ image = '' }: V1Container): Role | null {
  const name = /^netwatch-(\w+)(?::|$)/.exec(image)?.[1] ?? '';
  return Object.hasOwn(SPECS, name) ? (name as Role) : null;
}

/**
 * The configuration that a role makes of what its image and its pod give it.
 * @throws Error for a variable that no role knows; ConfigError for a value that is not allowed
 */
export function configurationOf<R extends Role>(role: R, pod: Pod): ConfigOf<R> {
  const container = pod.template.containers.find((one) => roleOf(one) === role);
  if (container === undefined) throw new Error(`${pod.template.of} runs no ${role}`);
  const given = environmentOf(container.env ?? [], pod.template, pod);
  const known = new Set(optionsOf(SPECS[role]).map(({ env }) => env));
  const unknown = Object.keys(given).filter((variable) => !known.has(variable));
  if (unknown.length > 0) throw new Error(`${pod.template.of}: no configuration knows ${unknown.join(', ')}`);
  const env = { ...imageFacts(role).environment, ...given };
  return loadConfig(SPECS[role] as unknown as typeof agentSpec, {
    flags: {},
    env,
    file: undefined,
  }) as unknown as ConfigOf<R>;
}
