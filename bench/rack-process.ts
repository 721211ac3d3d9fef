import { Agent, get } from 'node:http';
import { parseExposition } from '../test/support/exposition.ts';
import { startRole, type RoleChild } from './child.ts';
import type { LoadRequest } from './load.ts';

/** A rack that reports to a datacenter, both as processes of their own. */
export interface RackProcess extends AsyncDisposable {
  readonly pid: number;
  readonly udpPort: number;
  scrape(): Promise<Scrape>;
  /** Asks for /metrics over a connection that stays, and drops the answer: as little work here as can be. */
  fetchMetrics(): Promise<void>;
}

/** What a rack's /metrics said. */
export interface Scrape {
  /** Sum of a metric over all its series; 0 when it has none. */
  total(name: string): number;
  /** Mean of a metric over all its series; NaN when it has none. */
  mean(name: string): number;
  /** Sum of the buckets of a histogram up to a bound, written as in the exposition, over all its series. */
  totalUpTo(name: string, bound: string): number;
}

/** Starts a rack for a load, and the datacenter it reports to. */
export async function startRackProcess(
  load: Pick<LoadRequest, 'sampleRateHz' | 'frequencyPlanText'>,
): Promise<RackProcess> {
  const any = ['--metrics-port', '0'];
  const datacenter = await startRole(['datacenter', '--tcp-listen-port', '0', '--api-port', '0', ...any]);
  const reportsTo = ['--dc-controller-port', String(datacenter.port('reportPort'))];
  const hears = ['--rate', String(load.sampleRateHz), '--frequency-plan', load.frequencyPlanText];
  let rack: RoleChild;
  try {
    rack = await startRole(['rack', '--udp-listen-port', '0', ...any, ...reportsTo, ...hears, '--rack-id', '0']);
  } catch (error) {
    await datacenter[Symbol.asyncDispose]();
    throw error;
  }
  const agent = new Agent({ keepAlive: true });
  const metricsUrl = `http://127.0.0.1:${rack.port('metricsPort')}/metrics`;
  return {
    pid: rack.pid,
    udpPort: rack.port('udpPort'),
    scrape: async () => parseScrape(await (await fetch(metricsUrl)).text()),
    fetchMetrics: () => drop(metricsUrl, agent),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await rack[Symbol.asyncDispose]();
      await datacenter[Symbol.asyncDispose]();
    },
  };
}

async function drop(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => answer.resume().once('end', resolve).once('error', reject)).once('error', reject);
  });
}

function parseScrape(text: string): Scrape {
  const { sum, values } = parseExposition(text);
  return {
    total: (name) => sum(name),
    mean: (name) => sum(name) / values(name).length,
    totalUpTo: (name, le) => sum(`${name}_bucket`, { le }),
  };
}
