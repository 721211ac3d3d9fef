import { UserError } from '../../io/user-error.ts';
import type { Injection } from '../../wire/injection.ts';
import { describeInjection } from '../describe-injection.ts';
import { idsByRack, scopeText, selectServers, type Selection } from '../select-servers.ts';
import { ChaosError, type TargetServer } from '../target.ts';
import type { Demand, Expectation, InjectStep, Scenario, Step } from './scenario.ts';
import { stepLabel } from './step-label.ts';
import { selectionsOf } from './story-rules.ts';

/** Whose health is looked at: a server, a rack (its server id null), or the datacenter (both null). */
export interface Subject {
  readonly rackId: number | null;
  readonly serverId: number | null;
}

/** An expectation of a target's servers. */
export interface PlannedExpectation {
  readonly of: Expectation['of'];
  /** `rack 0`, `racks 0-3`, `rack 0 server 3`, `the datacenter`. */
  readonly scope: string;
  readonly subjects: readonly Subject[];
  /** So many of them. */
  readonly atLeast: number;
  readonly demand: Demand;
  readonly withinSeconds: number;
  readonly holdSeconds: number;
}

interface PlannedBase {
  /** `2`, `2.1`; with `, round 3` in a loop. */
  readonly label: string;
  readonly name: string | null;
  readonly afterSeconds: number;
}

export interface PlannedInjection extends PlannedBase {
  readonly kind: 'inject';
  readonly servers: readonly TargetServer[];
  readonly scope: string;
  /** In words. */
  readonly description: string;
  readonly durationSeconds: number;
  readonly injection: Omit<Injection, 'id'>;
  readonly expectations: readonly PlannedExpectation[];
}

export type PlannedStep =
  | PlannedInjection
  | (PlannedBase & { readonly kind: 'wait'; readonly waitSeconds: number })
  | (PlannedBase & { readonly kind: 'expect'; readonly expectations: readonly PlannedExpectation[] })
  | (PlannedBase & { readonly kind: 'parallel' | 'sequence'; readonly steps: readonly PlannedStep[] });

export interface ScenarioPlan {
  readonly steps: readonly PlannedStep[];
  /** Every server that is injected on, once. */
  readonly touched: readonly TargetServer[];
}

interface Planning {
  readonly all: readonly TargetServer[];
  readonly touched: readonly TargetServer[];
  readonly seed: number | null;
  readonly sparePorts: readonly number[];
  /** Injections planned so far: each draws from a seed of its own. */
  injections: number;
}

/**
 * Holds a scenario against the servers of a target, with loops written out.
 * @throws ChaosError when it names a rack or server that is not there
 */
export function planScenario(
  scenario: Scenario,
  { all, sparePorts }: { readonly all: readonly TargetServer[]; readonly sparePorts: readonly number[] },
): ScenarioPlan {
  const touched = touchedServers(scenario.steps, all);
  const planning: Planning = { all, touched, seed: scenario.seed, sparePorts, injections: 0 };
  return { steps: scenario.steps.map((step, n) => planStep(planning, step, stepLabel(null, n))), touched };
}

function touchedServers(steps: readonly Step[], all: readonly TargetServer[]): readonly TargetServer[] {
  const chosen = new Set(
    steps.flatMap((step, n) => selectionsOf(step).flatMap((on) => selected(all, on, stepLabel(null, n)))),
  );
  return all.filter((server) => chosen.has(server));
}

function planStep(planning: Planning, step: Step, label: string): PlannedStep {
  const base = { label, name: step.name, afterSeconds: step.afterSeconds };
  switch (step.kind) {
    case 'inject':
      return planInjection(planning, step, base);
    case 'wait':
      return { ...base, kind: 'wait', waitSeconds: step.waitSeconds };
    case 'expect': {
      const expectations = step.expectations.map((one) => planExpectation(planning, one, { on: null, label }));
      return { ...base, kind: 'expect', expectations };
    }
    case 'parallel': {
      const steps = step.steps.map((child, n) => planStep(planning, child, stepLabel(label, n)));
      return { ...base, kind: 'parallel', steps };
    }
    case 'group':
    default: {
      const rounds = Array.from({ length: step.rounds }, (_, round) => {
        const suffix = step.rounds === 1 ? '' : `, round ${round + 1}`;
        return step.steps.map((child, n) => planStep(planning, child, `${stepLabel(label, n)}${suffix}`));
      });
      return { ...base, kind: 'sequence', steps: rounds.flat() };
    }
  }
}

function planInjection(planning: Planning, step: InjectStep, base: PlannedBase): PlannedInjection {
  const { all, sparePorts, seed } = planning;
  const servers = selected(all, step.on, base.label);
  const { phases, repeats, durationSeconds, direction } = step;
  const injection = {
    phases,
    repeats,
    durationSeconds,
    direction,
    sparePorts,
    seed: seed === null ? null : (seed + planning.injections++) % 2 ** 32,
  };
  return {
    ...base,
    kind: 'inject',
    servers,
    scope: scopeText(servers, all),
    description: describeInjection({ ...injection, id: '' }),
    durationSeconds,
    injection,
    expectations: step.expectations.map((one) => planExpectation(planning, one, { on: step.on, label: base.label })),
  };
}

function planExpectation(
  planning: Planning,
  expectation: Expectation,
  { on: stepOn, label }: { readonly on: Selection | null; readonly label: string },
): PlannedExpectation {
  const { of, on, atLeast, demand, withinSeconds, holdSeconds } = expectation;
  const selection = on ?? stepOn;
  const servers = selection === null ? planning.touched : selected(planning.all, selection, label);
  const subjects = subjectsOf(of, servers);
  if (atLeast !== null && atLeast > subjects.length) {
    throw new ChaosError(`step ${label}: at_least ${atLeast} is more than the ${subjects.length} ${of} it is about`);
  }
  const scope = of === 'datacenter' ? 'the datacenter' : scopeText(servers, of === 'racks' ? servers : planning.all);
  if (subjects.length === 0)
    throw new ChaosError(`step ${label}: it expects something of no server: say whom with "on"`);
  return {
    of,
    subjects,
    demand,
    withinSeconds,
    holdSeconds,
    scope,
    atLeast: atLeast ?? subjects.length,
  };
}

function subjectsOf(of: Expectation['of'], servers: readonly TargetServer[]): readonly Subject[] {
  if (of === 'datacenter') return [{ rackId: null, serverId: null }];
  const racks = [...idsByRack(servers)];
  if (of === 'racks') return racks.map(([rackId]) => ({ rackId, serverId: null }));
  return racks.flatMap(([rackId, ids]) => ids.map((serverId) => ({ rackId, serverId })));
}

function selected(all: readonly TargetServer[], on: Selection, label: string): readonly TargetServer[] {
  try {
    return selectServers(all, on);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new ChaosError(`step ${label}: ${error.message}`, { cause: error });
  }
}
