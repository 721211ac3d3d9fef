import type { DatacenterHealth, RackHealth, Verdict } from '../../core/verdict.ts';
import type { Demand } from './scenario.ts';
import type { SeenValues } from './scenario-report.ts';
import type { PlannedExpectation, Subject } from './plan-scenario.ts';

/** What was seen of a server, a rack or the datacenter. */
export interface SubjectRecord {
  readonly subject: Subject;
  /** Since the expectation began; null: it was not seen. */
  readonly seenAfterSeconds: number | null;
  /** When it was seen, or else the last time: what is expected, and how it was; null when it is not in the tree. */
  readonly values: SeenValues | null;
}

interface Watched {
  readonly subject: Subject;
  /** It has been as demanded since then, without a break; seconds on the line of the looks. */
  sinceSeconds: number | null;
  seenAfterSeconds: number | null;
  values: SeenValues | null;
}

/** Follows one expectation from look to look. Pure: looks and their times are given to it. */
export class ExpectationWatch {
  readonly expectation: PlannedExpectation;
  readonly #beganSeconds: number;
  readonly #watched: readonly Watched[];
  #isOver = false;

  constructor(expectation: PlannedExpectation, beganSeconds: number) {
    this.expectation = expectation;
    this.#beganSeconds = beganSeconds;
    this.#watched = expectation.subjects.map((subject) => ({
      subject,
      sinceSeconds: null,
      seenAfterSeconds: null,
      values: null,
    }));
  }

  /** So many were seen as were demanded. */
  get isMet(): boolean {
    return this.#watched.filter(({ seenAfterSeconds }) => seenAfterSeconds !== null).length >= this.expectation.atLeast;
  }

  /** Met, or its time is over. */
  get isDecided(): boolean {
    return this.isMet || this.#isOver;
  }

  get records(): readonly SubjectRecord[] {
    return this.#watched;
  }

  /**
   * Takes a look, null when the datacenter did not answer.
   * @returns those that were seen so at last
   */
  look(tree: DatacenterHealth | null, nowSeconds: number): readonly Subject[] {
    const { demand, withinSeconds, holdSeconds } = this.expectation;
    const elapsed = nowSeconds - this.#beganSeconds;
    // What was asked before it began says nothing of it.
    if (this.isDecided || elapsed < 0) return [];
    if (elapsed > withinSeconds) {
      this.#isOver = true;
      return [];
    }
    if (tree === null) return [];
    const seen: Subject[] = [];
    for (const watched of this.#watched) {
      if (watched.seenAfterSeconds !== null) continue;
      const health = healthOf(tree, watched.subject);
      watched.values = health === null ? null : valuesOf(health, demand);
      watched.sinceSeconds =
        health !== null && isAsDemanded(health, demand) ? (watched.sinceSeconds ?? nowSeconds) : null;
      if (watched.sinceSeconds === null || nowSeconds - watched.sinceSeconds < holdSeconds) continue;
      watched.seenAfterSeconds = elapsed;
      seen.push(watched.subject);
    }
    return seen;
  }
}

type Health = Verdict | RackHealth | DatacenterHealth;

/** Null when it is not in the tree. */
function healthOf(tree: DatacenterHealth, { rackId, serverId }: Subject): Health | null {
  if (rackId === null) return tree;
  const rack = tree.racks.find(({ rack_id: id }) => id === rackId) ?? null;
  if (serverId === null || rack === null) return rack;
  return rack.servers.find(({ server_id: id }) => id === serverId) ?? null;
}

function isAsDemanded(health: Health, { statuses, fault, numbers }: Demand): boolean {
  if (statuses !== null && !statuses.includes(health.status)) return false;
  if (fault !== null && !faultsOf(health).includes(fault)) return false;
  return numbers.every(({ name, bounds: { min, max } }) => {
    const value = numberOf(health, name);
    return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  });
}

/** Its status, and what else is demanded of it. */
function valuesOf(health: Health, { fault, numbers }: Demand): SeenValues {
  return {
    status: health.status,
    ...(fault === null ? {} : { faults: faultsOf(health) }),
    ...Object.fromEntries(numbers.map(({ name }) => [name, numberOf(health, name)])),
  };
}

function faultsOf(health: Health): readonly string[] {
  return 'faults' in health ? health.faults.map(({ kind }) => kind) : [];
}

function numberOf(health: Health, name: Demand['numbers'][number]['name']): number | null {
  const value: unknown = Object.hasOwn(health, name) ? Reflect.get(health, name) : null;
  return typeof value === 'number' ? value : null;
}
