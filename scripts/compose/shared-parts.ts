import type { YAMLMap } from 'yaml';
import { rackSpec } from '../../src/config/rack.ts';
import type { ComposeConfig } from './compose-config.ts';
import { block, inline, list, type Part } from './nodes.ts';

/** Anchor of what every service has. */
export const SERVICE = 'service';

export function commonService(): YAMLMap {
  return block(
    {
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: list('ALL'),
      security_opt: list('no-new-privileges:true'),
      networks: list('netwatch'),
      logging: inline({ driver: 'json-file', options: inline({ 'max-size': '1m', 'max-file': '3' }) }),
    },
    { anchor: SERVICE },
  );
}

/** What a service waits for, by the name of the other one. */
export function dependsOn(
  conditions: Readonly<Record<string, 'service_healthy' | 'service_completed_successfully'>>,
): YAMLMap {
  return block(
    Object.fromEntries(Object.entries(conditions).map(([name, condition]) => [name, inline({ condition })])),
  );
}

/** How often health is asked for; how, the images know, unless it is said here. */
export function healthcheck(intervalSeconds: number, test?: Part): YAMLMap {
  const times = { interval: `${intervalSeconds}s`, timeout: '10s', retries: 3, start_period: '60s' };
  return test === undefined ? inline(times) : block({ test, ...times });
}

/** An image of ours, built by the service that has this part, from the repository's root. */
export function build(target: 'agent' | 'rack' | 'datacenter'): YAMLMap {
  return inline({ context: '.', dockerfile: 'containers/Dockerfile', target });
}

/** The rate and the plan of the tones for racks and agents, where they are not the default ones. */
export function toneEnvironment({ sampleRateHz, frequencyPlanText }: ComposeConfig): Readonly<Record<string, Part>> {
  const { rate, frequencyPlan } = rackSpec.fields;
  return {
    NETWATCH_RATE: sampleRateHz === rate.initial ? undefined : sampleRateHz,
    NETWATCH_FREQUENCY_PLAN: frequencyPlanText === frequencyPlan.initial ? undefined : frequencyPlanText,
  };
}
