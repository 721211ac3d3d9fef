import type { Fault, FaultKind } from '../../src/core/verdict.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import type { DetectionOptions } from '../../src/core/detect/detection-options.ts';
import { FastRandom } from './fast-random.ts';
import type { Scenario } from './scenario.ts';
import { EPOCH_SECONDS, SAMPLE_RATE_HZ, SimulatedServer, usualDisturbances, WINDOW_SLOTS } from './simulated-server.ts';
import { type Rival, createRivals } from './rivals.ts';

/** Healthy time before the onset: what is normal must be known, of clocks too. */
const HEALTHY_SECONDS = 150;

/** What was said in one run. */
export interface Outcome {
  /** Seconds from the onset until the right kind was told; null: missed. */
  readonly detectedSeconds: number | null;
  /** The kinds that stood most of the time after the target time, joined by +; `none` for none. */
  readonly name: string;
  /** The kind that was told first after the onset. */
  readonly firstName: FaultKind | 'none';
  /** When the fault is said to have begun, less when it did. */
  readonly onsetErrorSeconds: number | null;
  readonly parameterError: number | null;
  /** Seconds after which the fault had to be known, in this run. */
  readonly mustPrecedeSeconds: number | null;
  /** Detection times of what NetWatch is compared with, by name. */
  readonly rivals: Readonly<Record<string, number | null>>;
}

export interface RunOptions {
  readonly seed: number;
  readonly toneHz: number;
  readonly detection?: DetectionOptions | undefined;
  /** Lets the other detectors hear the same arrivals. */
  readonly withRivals?: boolean;
}

const analyzer = new WindowAnalyzer(WINDOW_SLOTS);

/** Runs one link through the code that a rack runs, from health into the fault. */
export function runScenario(scenario: Scenario, options: RunOptions): Outcome {
  const run = new Run(scenario, options);
  run.healthy();
  run.broken();
  return run.outcome();
}

class Run {
  readonly #scenario: Scenario;
  readonly #server: SimulatedServer;
  readonly #onset: number;
  readonly #isDead: boolean;
  readonly #mustPrecede: number | null;
  readonly #rivals: readonly Rival[];
  readonly #names = new Map<string, number>();
  #faults: readonly Fault[] = [];
  #changes = 0;
  #detected: number | null = null;
  #onsetError: number | null = null;
  #right: Fault | null = null;
  readonly #before = new Set<FaultKind>();
  #firstName: FaultKind | 'none' = 'none';
  #isBroken = false;

  constructor(scenario: Scenario, options: RunOptions) {
    const { seed, toneHz, detection } = options;
    const random = new FastRandom(7919 * seed + 13);
    this.#scenario = scenario;
    this.#onset = HEALTHY_SECONDS * SAMPLE_RATE_HZ + Math.floor(40 * random.uniform());
    const disturbances = usualDisturbances(random, scenario.healthyLoss);
    const breaksSeed = Math.floor(1e6 * random.uniform());
    const { isDead, ...breaks } = scenario.breaks(this.#onset, new FastRandom(breaksSeed));
    this.#isDead = isDead ?? false;
    this.#mustPrecede = scenario.mustPrecede?.(new FastRandom(breaksSeed)) ?? null;
    this.#rivals = options.withRivals ? createRivals(toneHz) : [];
    const onArrival = options.withRivals
      ? (slot: number, sample: { im: number }, at: number) => {
          for (const rival of this.#rivals) rival.hear(slot, sample.im, at);
        }
      : undefined;
    this.#server = new SimulatedServer({ seed, toneHz, disturbances, detection, onArrival, ...breaks });
  }

  healthy(): void {
    while (this.#server.slot < this.#onset) this.#step();
  }

  broken(): void {
    this.#isBroken = true;
    for (const { kind } of this.#faults) this.#before.add(kind);
    for (const rival of this.#rivals) rival.begin(this.#onsetSeconds);
    const end = this.#onset + this.#scenario.seconds * SAMPLE_RATE_HZ;
    while (this.#server.slot < end) this.#step();
  }

  outcome(): Outcome {
    const { parameter } = this.#scenario;
    const right = this.#right;
    let name = 'none';
    let most = 0;
    for (const [candidate, count] of this.#names) {
      if (count <= most) continue;
      most = count;
      name = candidate;
    }
    return {
      detectedSeconds: this.#detected,
      name,
      firstName: this.#firstName,
      onsetErrorSeconds: this.#onsetError,
      parameterError: right && parameter ? parameter.error(right) : null,
      mustPrecedeSeconds: this.#mustPrecede,
      rivals: Object.fromEntries(this.#rivals.map((rival) => [rival.name, rival.detectedSeconds])),
    };
  }

  get #onsetSeconds(): number {
    return EPOCH_SECONDS + this.#onset / SAMPLE_RATE_HZ;
  }

  #step(): void {
    const server = this.#server;
    if (this.#isBroken && this.#isDead) server.skip();
    else server.step(this.#afterEach);
    const nowSeconds = EPOCH_SECONDS + server.slot / SAMPLE_RATE_HZ;
    const isHop = server.slot % SAMPLE_RATE_HZ === 0;
    if (isHop) this.#faults = analyzer.faults(server.stream, nowSeconds);
    // As a rack does between two hops, when a server has fallen silent.
    else if (server.stream.isSilent(nowSeconds)) this.#look(nowSeconds);
    if (isHop) this.#note(nowSeconds);
    for (const rival of this.#rivals) rival.pass(nowSeconds);
  }

  readonly #afterEach = (receivedSeconds: number): void => {
    const { changes } = this.#server.stream.faults;
    if (changes === this.#changes) return;
    this.#changes = changes;
    this.#look(receivedSeconds);
  };

  #look(nowSeconds: number): void {
    this.#faults = analyzer.faults(this.#server.stream, nowSeconds);
    this.#tell(nowSeconds);
  }

  #note(nowSeconds: number): void {
    this.#tell(nowSeconds);
    const elapsed = nowSeconds - this.#onsetSeconds;
    const settled = Math.min(this.#scenario.target?.seconds ?? 10, this.#scenario.seconds / 2) + 2;
    if (!this.#isBroken || elapsed < settled) return;
    const name = this.#faults.map(({ kind }) => kind).join('+') || 'none';
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
  }

  #tell(nowSeconds: number): void {
    if (!this.#isBroken) return;
    const elapsed = nowSeconds - this.#onsetSeconds;
    // What stood before the onset and still stands is a false alarm, and detects nothing.
    for (const kind of this.#before) if (!this.#faults.some((fault) => fault.kind === kind)) this.#before.delete(kind);
    for (const fault of this.#faults) {
      if (this.#before.has(fault.kind)) continue;
      if (this.#firstName === 'none') this.#firstName = fault.kind;
      if (fault.kind !== this.#scenario.kind) continue;
      if (this.#detected === null) this.#onsetError = fault.since - this.#onsetSeconds;
      this.#detected ??= Math.max(elapsed, 0);
      this.#right = fault;
    }
  }
}
