import type { Verdict } from '../../src/core/verdict.ts';
import type { ComposeLab } from './compose-lab.ts';
import { waitUntil } from './wait-until.ts';

/** How long a busy machine may take for what takes seconds. */
const DEADLINE_MS = 300_000;

/** Resolves once every server of the file is in the tree and healthy. */
export async function untilHealthy(lab: ComposeLab): Promise<void> {
  await untilServers(lab, 'every server is healthy', ({ status }) => status === 'healthy');
}

/** Resolves once every server of the file is in the tree and as it should be. @param what completes "waited in vain until …" */
export async function untilServers(
  lab: ComposeLab,
  what: string,
  isAsItShould: (server: Verdict) => boolean,
): Promise<void> {
  const services = await lab.services();
  const count = services.filter((name) => name.startsWith('server-')).length;
  await waitUntil(
    what,
    async () => {
      const servers = (await lab.health())?.racks.flatMap((rack) => rack.servers) ?? [];
      return servers.length === count && servers.every(isAsItShould);
    },
    DEADLINE_MS,
  );
}

/** Resolves once Prometheus has this value for an expression that gives one series. */
export async function untilValue(lab: ComposeLab, expression: string, value: number): Promise<void> {
  await waitUntil(`${expression} is ${value}`, async () => (await lab.value(expression)) === value, DEADLINE_MS);
}

/** The value of a metric that each rack has once, rack 0 first. */
export async function perRack(lab: ComposeLab, metric: string): Promise<readonly number[]> {
  const series = await lab.prometheus.query(metric);
  return series
    .toSorted((one, other) => Number(one.labels.rack_id) - Number(other.labels.rack_id))
    .map(({ value }) => value);
}
