import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Verdict } from '../../src/core/verdict.ts';
import type { Report } from '../../src/wire/report-lines.ts';
import { parseExposition, type Exposition } from './exposition.ts';
import { type NetwatchProcess, runNetwatch } from './netwatch-process.ts';
import { type DatacenterDouble, startDatacenterDouble } from './datacenter-double.ts';
import { waitUntil } from './wait-until.ts';

/** A rack as its own process, on free ports, that reports to a double of a datacenter. */
export interface RunningRack {
  readonly process: NetwatchProcess;
  readonly udpPort: number;
  readonly datacenter: DatacenterDouble;
  /** The answer of a path of its HTTP server. */
  get(path: string): Promise<{ status: number; type: string | null; body: string }>;
  metrics(): Promise<Exposition>;
  /** The newest report's verdict of a server. */
  verdict(serverId: number): Verdict | undefined;
  /** Waits for a report that `isWanted`, of those that come from now on. */
  report(what: string, isWanted: (report: Report) => boolean): Promise<Report>;
}

/** Starts a rack with these flags, and closes it when the test is over. */
export async function startRackProcess(context: TestContext, ...flags: readonly (string | number)[]) {
  const datacenter = await startDatacenterDouble(context, { acknowledges: true });
  const ports = ['--udp-listen-port', 0, '--metrics-port', 0, '--dc-controller-port', datacenter.port];
  const process = runNetwatch(context, 'rack', ...ports, ...flags);
  const { udpPort, metricsPort } = await process.logged('listening');
  assert.ok(typeof udpPort === 'number' && typeof metricsPort === 'number');
  const get: RunningRack['get'] = async (path) => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  const rack: RunningRack = {
    process,
    udpPort,
    datacenter,
    get,
    metrics: async () => parseExposition((await get('/metrics')).body),
    verdict: (serverId) => verdictIn(datacenter.reports.at(-1), serverId),
    report: async (what, isWanted) => {
      const from = datacenter.reports.length;
      return waitUntil(what, () => datacenter.reports.slice(from).find(isWanted));
    },
  };
  return rack;
}

export function verdictIn(report: Report | undefined, serverId: number): Verdict | undefined {
  return report?.servers?.find((verdict) => verdict.server_id === serverId);
}

/** Healthy as the project promises it of an undisturbed server. */
export function isWell(verdict: Verdict | undefined): boolean {
  return verdict?.status === 'healthy' && (verdict.spectral_error ?? 1) <= 0.02;
}

/** Starts agents that sing for some servers, and waits until the rack hears all of them well. */
export async function singTo(context: TestContext, rack: RunningRack, servers: string, ...flags: readonly string[]) {
  const port = ['--rack-controller-port', rack.udpPort, '--metrics-port', 0];
  const agent = runNetwatch(context, 'agent', ...port, '--servers', servers, ...flags);
  const count = servers.includes('-') ? Number(servers.split('-')[1]) + 1 : 1;
  await rack.report(
    `servers ${servers} are heard well`,
    ({ servers: heard = [] }) => heard.filter(isWell).length >= count,
  );
  return agent;
}
