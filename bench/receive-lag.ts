import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchResult, Row } from './bench.ts';
import { startModule, type Child } from './child.ts';
import type { LoadRequest } from './load.ts';
import { startRackProcess, type RackProcess } from './rack-process.ts';
import { median, rangeText, sum } from './statistics.ts';

const LOAD = { servers: 200, sampleRateHz: 20, frequencyPlanText: 'band:1-8', isAnnounced: true };
const ROUNDS = 5;
const ROUND_SECONDS = 5;
/** The load is on, and the rack is warm, before anything is counted. */
const WARMUP_SECONDS = 3;
/** p99 ≤ 1 ms and at most 1 % above 1 ms are the same. */
const TARGET_LATE_PERCENT = 1;

/** Counts of one stretch of time. */
interface Phase {
  readonly datagrams: number;
  /** Stamped more than 1 ms after they were sent. */
  readonly late: number;
  readonly meanMicroseconds: number;
  /** Turns of the receive thread's own timer, and those more than 1 ms late. */
  readonly beats: number;
  readonly lateBeats: number;
  readonly scrapesPerSecond: number;
}

/**
 * How late a rack stamps what it receives while /metrics is asked for again and again without a pause, against the same
 * without. Sender and rack have one clock here, so the latency of a sample is the way through the kernel plus the
 * lateness of the receive thread; `netwatch_latency_ms` has a bucket that ends at 1 ms, and with it the share of
 * samples above is exact.
 */
export const benchReceiveLag: Bench = async (context) => {
  const seconds = context.seconds ?? ROUND_SECONDS;
  await using rack = await startRackProcess(LOAD);
  await using sender = startModule('load.ts');
  startLoad(sender, rack, WARMUP_SECONDS + (seconds + 1) * 2 * (ROUNDS + 1));
  context.progress('warming up');
  await sleep(WARMUP_SECONDS * 1000);
  const quiet: Phase[] = [];
  const scraped: Phase[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    context.progress(`round ${round} of ${ROUNDS}`);
    // oxlint-disable no-await-in-loop -- one after the other is the point
    quiet.push(await runPhase(rack, seconds, false));
    scraped.push(await runPhase(rack, seconds, true));
    // oxlint-enable no-await-in-loop
  }
  return describe(quiet, scraped);
};

function startLoad(sender: Child, rack: RackProcess, seconds: number): void {
  const request: LoadRequest = { ...LOAD, port: rack.udpPort, seconds };
  sender.send(request);
}

async function runPhase(rack: RackProcess, seconds: number, isScraped: boolean): Promise<Phase> {
  const before = await rack.scrape();
  let scrapes = 0;
  if (isScraped) {
    // oxlint-disable-next-line no-await-in-loop -- the tight loop of one client
    for (const end = performance.now() + seconds * 1000; performance.now() < end; scrapes++) await rack.fetchMetrics();
  } else {
    await sleep(seconds * 1000);
  }
  const after = await rack.scrape();
  const change = (name: string): number => after.total(name) - before.total(name);
  const above = (name: string, bound: string): number =>
    change(`${name}_count`) - (after.totalUpTo(name, bound) - before.totalUpTo(name, bound));
  const datagrams = change('netwatch_latency_ms_count');
  return {
    datagrams,
    late: above('netwatch_latency_ms', '1'),
    meanMicroseconds: (1000 * change('netwatch_latency_ms_sum')) / datagrams,
    beats: change('netwatch_receiver_lag_seconds_count'),
    lateBeats: above('netwatch_receiver_lag_seconds', '0.001'),
    scrapesPerSecond: scrapes / seconds,
  };
}

function describe(quiet: readonly Phase[], scraped: readonly Phase[]): BenchResult {
  const what = 'without scrapes';
  const compared = (of: (phases: readonly Phase[]) => number): Pick<Row, 'value' | 'baseline'> => {
    const [value, base] = [of(scraped), of(quiet)];
    return { value, baseline: base > 0 ? { what, ratio: value / base } : null };
  };
  const mean = (phases: readonly Phase[]): number => median(phases.map((phase) => phase.meanMicroseconds));
  return {
    rows: [
      {
        what: 'stamped over 1 ms late, while scraped',
        unit: '%',
        target: TARGET_LATE_PERCENT,
        ...compared(latePercent),
      },
      { what: 'mean from send to stamp, while scraped', unit: 'µs', target: null, ...compared(mean) },
    ],
    notes: [
      `${LOAD.servers} servers × ${LOAD.sampleRateHz}/s, ${rangeText(
        scraped.map((phase) => phase.scrapesPerSecond),
        0,
      )} scrapes a second`,
      `stamped over 1 ms late without scrapes: ${latePercent(quiet).toFixed(2)} %; p99 ≤ 1 ms when at most 1 % are`,
      `the receive thread's own timer over 1 ms late: ${lateBeatPercent(quiet).toFixed(1)} % of beats without scrapes, ${lateBeatPercent(scraped).toFixed(1)} % with; Node's timers alone are up to 1 ms late`,
    ],
  };
}

function latePercent(phases: readonly Phase[]): number {
  return (100 * sum(phases.map((phase) => phase.late))) / sum(phases.map((phase) => phase.datagrams));
}

function lateBeatPercent(phases: readonly Phase[]): number {
  return (100 * sum(phases.map((phase) => phase.lateBeats))) / sum(phases.map((phase) => phase.beats));
}
