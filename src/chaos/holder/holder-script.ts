import { ChaosError } from '../target.ts';
import { HOLDER_EXIT } from './holder-lines.ts';
import { SHELL_APPLY } from './shell-apply.ts';
import { SHELL_CHOOSE } from './shell-choose.ts';
import { SHELL_HOLD } from './shell-hold.ts';
import { SHELL_SURVEY } from './shell-survey.ts';
import { SHELL_UNDO } from './shell-undo.ts';
import { byHand, deviceNames, ruleText } from './shell-words.ts';
import { placeOf, spareArguments } from './tc-commands.ts';
import { type HolderOptions, type TrafficPlan, MAX_DRAIN_MS, planTraffic } from './traffic-control.ts';

/** Linux takes no longer argument than 128 KiB, and `sh -c` gets the script as one, with what a target puts before it. */
const MAX_SCRIPT_BYTES = 120_000;

/**
 * A script for `sh -c` (dash, busybox ash) inside a server's network namespace, with `tc`, `ip` and NET_ADMIN. It puts
 * the injection in force, says `netwatch: ready`, runs the phases, and undoes it when the duration is over or it gets
 * TERM, INT or HUP; `parseHolderLine` reads what it says and {@link HOLDER_EXIT} how it ends. Injections of ours
 * that it finds are undone first; what belongs to somebody else is refused and not touched.
 * @throws ChaosError for device names and lengths that cannot be
 */
export function holderScript(options: HolderOptions): string {
  const plan = planTraffic(options.injection, options.server);
  const script = [
    SHELL_SURVEY,
    SHELL_UNDO,
    SHELL_CHOOSE,
    SHELL_APPLY,
    SHELL_HOLD,
    settings(plan, options),
    phaseFunction(plan),
    spareFunction(plan),
    MAIN,
  ].join('\n');
  if (Buffer.byteLength(script) > MAX_SCRIPT_BYTES) {
    throw new ChaosError(
      `${plan.phases.length} phases do not fit into a holder's script of ${MAX_SCRIPT_BYTES} bytes: use longer steps`,
    );
  }
  return script;
}

/** A script that undoes what is ours, also when its holder was killed, and nothing else. It says and ends as a holder. */
export function sweepScript(options: Pick<HolderOptions, 'devices' | 'namespace'>): string {
  return [
    SHELL_SURVEY,
    SHELL_UNDO,
    `drain_ms=${MAX_DRAIN_MS}`,
    `devices='${deviceNames(options.devices)}' by_hand='${byHand(options.namespace)}'`,
    SWEEP,
  ].join('\n');
}

const MAIN = `
trap 'finish ${HOLDER_EXIT.undone}' TERM INT HUP
trap '' PIPE
check_tools
choose_devices
undo $devices
[ -z "$failed" ] || exit ${HOLDER_EXIT.notUndone}
drain_ms=$own_drain_ms index=0
for device in $devices; do apply "$device"; done
forget_missing
phase 0
say ready
hold
finish ${HOLDER_EXIT.undone}
`;

const SWEEP = `
trap '' TERM INT HUP PIPE
if [ -z "$devices" ]; then
  find_devices || { problem "the network devices cannot be listed: $error"; exit ${HOLDER_EXIT.notUndone}; }
  find_ifb ''
  devices="$found $marked"
fi
undo $devices
[ -z "$failed" ] || exit ${HOLDER_EXIT.notUndone}
say undone
`;

function settings(plan: TrafficPlan, { injection, devices, namespace }: HolderOptions): string {
  const { durationSeconds, repeats } = injection;
  const isBanded = plan.spared.length > 0;
  return [
    `devices='${deviceNames(devices)}' egress_points= ingress_points= holding= index=0`,
    `by_hand='${byHand(namespace)}'`,
    `wants_egress=${flag(plan.egress)} wants_ingress=${flag(plan.ingress)} banded=${flag(isBanded)}`,
    `place='${placeOf(isBanded)}' drain_ms=${MAX_DRAIN_MS} own_drain_ms=${plan.drainMs}`,
    `egress_seed=${plan.seeds?.egress ?? ''} ingress_seed=${plan.seeds?.ingress ?? ''}`,
    `phases=${plan.phases.length} repeats=${flag(repeats)} cycle=${sumMs(plan)}`,
    `duration=${durationSeconds === null ? '' : Math.max(1, Math.round(durationSeconds * 1_000))}`,
  ].join('\n');
}

function phaseFunction({ phases }: TrafficPlan): string {
  const cases = phases.map(
    ({ milliseconds, rule, isFresh }, index) =>
      `${index}) length=${milliseconds} fresh=${flag(isFresh)} rule="${ruleText(rule)}" ;;`,
  );
  return ['phase() {', '  case $1 in', ...cases.map((each) => `  ${each}`), '  esac', '}'].join('\n');
}

function spareFunction({ spared }: TrafficPlan): string {
  return ['spare() {', '  tc -batch - <<END', ...spared.map((match) => spareArguments('$1', match)), 'END', '}'].join(
    '\n',
  );
}

function sumMs({ phases }: TrafficPlan): number {
  return phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

function flag(value: boolean): string {
  return value ? '1' : '';
}
