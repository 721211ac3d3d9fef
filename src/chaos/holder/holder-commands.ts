import { deviceNames, ruleText } from './shell-words.ts';
import {
  bandsCommand,
  ifbCommands,
  ifbName,
  placeOf,
  redirectCommands,
  ruleCommand,
  spareArguments,
  unredirectCommands,
} from './tc-commands.ts';
import {
  type HolderOptions,
  type PhasePlan,
  type TrafficPlan,
  IDLE_NETEM,
  IDLE_TBF,
  SEED,
  planTraffic,
} from './traffic-control.ts';

/**
 * The command lines that a holder runs, in their order, for people to read before anything is done; a comment begins
 * with `#`. Where the devices are found only there, `eth0` stands for each of them.
 * @throws ChaosError as holderScript does
 */
export function holderCommands(options: HolderOptions): readonly string[] {
  deviceNames(options.devices);
  const plan = planTraffic(options.injection, options.server);
  const points = (options.devices ?? ['eth0']).flatMap((device, index) => pointsOf(plan, device, ifbName(index)));
  return [
    ...(options.devices === null ? ['# for each network device that is up, but lo; eth0 stands for it'] : []),
    '# refused where a qdisc of somebody else is',
    ...points.flatMap((point) => setUp(plan, point)),
    ...laterPhases(plan, points, options),
    ending(options),
    ...points.map(({ name }) => ruleCommand('change', name, `${place(plan)} ${idleRule(plan)}`)),
    ...(plan.drainMs === 0 ? [] : [`# until no packet waits, at most ${plan.drainMs / 1_000} s`]),
    ...points.flatMap(undo),
  ];
}

/** A device whose root gets the impairment: the server's own, or the ifb for what comes in. */
interface Point {
  readonly name: string;
  /** Of an ifb: the device that it serves. */
  readonly serves: string | null;
  readonly seed: number | null;
}

function pointsOf({ egress, ingress, seeds }: TrafficPlan, device: string, ifb: string): Point[] {
  return [
    ...(ingress ? [{ name: ifb, serves: device, seed: seeds?.ingress ?? null }] : []),
    ...(egress ? [{ name: device, serves: null, seed: seeds?.egress ?? null }] : []),
  ];
}

function setUp(plan: TrafficPlan, point: Point): string[] {
  const { name, serves } = point;
  const first = plan.phases[0];
  return [
    ...(serves === null ? [] : ifbCommands(name, serves)),
    ...(plan.spared.length === 0 ? [] : [bandsCommand(name)]),
    ...plan.spared.map((match) => `tc ${spareArguments(name, match)}`),
    ...(first === undefined ? [] : [ruleCommand('replace', name, `${place(plan)} ${rule(first, point)}`)]),
    ...(serves === null ? [] : redirectCommands(serves, name)),
  ];
}

function laterPhases(plan: TrafficPlan, points: readonly Point[], { injection }: HolderOptions): string[] {
  const { phases } = plan;
  const lines = phases.flatMap((phase, index) => {
    const before = phases[index - 1];
    if (before === undefined) return [];
    return [`sleep ${before.milliseconds / 1_000}`, ...points.flatMap((point) => changes(plan, phase, point))];
  });
  if (!injection.repeats) return lines;
  const last = phases.at(-1);
  return [...lines, `sleep ${(last?.milliseconds ?? 0) / 1_000}`, '# and again from the first phase'];
}

function changes(plan: TrafficPlan, phase: PhasePlan, point: Point): string[] {
  const { name } = point;
  const placeAndRule = `${place(plan)} ${rule(phase, point)}`;
  if (!phase.isFresh) return [ruleCommand('change', name, placeAndRule)];
  return [ruleCommand('del', name, place(plan)), ruleCommand('add', name, placeAndRule)];
}

function ending({ injection: { durationSeconds } }: HolderOptions): string {
  return durationSeconds === null ? '# when it is cleared:' : `# after ${durationSeconds} s, or when it is cleared:`;
}

function undo({ name, serves }: Point): readonly string[] {
  return serves === null ? [ruleCommand('del', name, placeOf(false))] : unredirectCommands(serves, name);
}

function place({ spared }: TrafficPlan): string {
  return placeOf(spared.length > 0);
}

function rule({ rule: words }: PhasePlan, { seed }: Point): string {
  return ruleText(words).replace(SEED, () => String(seed));
}

function idleRule({ phases }: TrafficPlan): string {
  return phases[0]?.rule[0] === 'tbf' ? IDLE_TBF : IDLE_NETEM;
}
