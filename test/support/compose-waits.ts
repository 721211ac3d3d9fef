import { setTimeout as pause } from 'node:timers/promises';
import type { Verdict } from '../../src/core/verdict.ts';
import type { ComposeLab } from './compose-lab.ts';
import { NoAnswerError } from './namespaced-fetch.ts';
import type { Series } from './prometheus-api.ts';
import { waitUntil } from './wait-until.ts';

/** How long a busy machine may take for what takes seconds. */
const DEADLINE_MS = 300_000;
/** The lab has the same two cores as who asks. */
const ASK_EVERY_MS = 250;

/**
 * As `waitUntil`, with the time that a lab in containers may take. Who is away or answers too late has not answered, and
 * is asked again.
 * @param what completes "waited in vain until …"
 */
export async function untilLab<T>(what: string, ask: () => Promise<T>): Promise<Exclude<T, null | undefined | false>> {
  return waitUntil(
    what,
    async () => {
      const answer = await ask().catch((error: unknown) => {
        if (error instanceof NoAnswerError) return null;
        throw error;
      });
      if (answer === null || answer === undefined || answer === false) await pause(ASK_EVERY_MS);
      return answer;
    },
    DEADLINE_MS,
  );
}

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
  await untilLab(what, async () => {
    const servers = (await lab.health())?.racks.flatMap((rack) => rack.servers) ?? [];
    return servers.length === count && servers.every(isAsItShould);
  });
}

/** Resolves once Prometheus has this value for an expression that gives one series. */
export async function untilValue(lab: ComposeLab, expression: string, value: number): Promise<void> {
  await untilLab(`${expression} is ${value}`, async () => (await lab.value(expression)) === value);
}

/** Resolves once an expression gives this many series: after a scrape that came too late, some are missing. */
export async function untilSeries(lab: ComposeLab, expression: string, count: number): Promise<readonly Series[]> {
  return untilLab(`${expression} gives ${count} series`, async () => {
    const series = await lab.prometheus.query(expression);
    return series.length === count && series;
  });
}

/** The value of a metric that each rack has once, rack 0 first; once Prometheus has that of each. */
export async function perRack(lab: ComposeLab, metric: string, racks: number): Promise<readonly number[]> {
  const series = await untilSeries(lab, metric, racks);
  return series
    .toSorted((one, other) => Number(one.labels.rack_id) - Number(other.labels.rack_id))
    .map(({ value }) => value);
}
