import { HOLDER_EXIT } from './holder-lines.ts';
import { bandsCommand, ifbCommands, ifbName, redirectCommands, ruleCommand } from './tc-commands.ts';

const [redirectQdisc = '', redirectFilter = ''] = redirectCommands('"$1"', '"$ifb"');
const [addIfb = '', markIfb = '', raiseIfb = ''] = ifbCommands('"$ifb"', '"$1"');

/**
 * Shell functions that put an injection in force, and the end of a holder. They use the other ones, and of the
 * generated head: `phase N` (-> length rule fresh), `spare POINT`, and what `holderScript` sets.
 */
export const SHELL_APPLY = `
# Ends with this code, or with "not undone" when something of ours is left. Nothing interrupts it.
finish() {
  trap '' TERM INT HUP PIPE
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
  for device in $devices; do ! is_missing "$device" || say gone "$device"; done
  undo $devices
  [ -z "$failed" ] || exit ${HOLDER_EXIT.notUndone}
  [ "$1" != ${HOLDER_EXIT.undone} ] || say undone
  exit "$1"
}

# In words what went wrong on device $1; $error is what tc said, $module what it needed of the kernel.
explain() {
  kernel_version
  if [ -n "$holding" ] && survey "$1" && [ -z "$is_our_root" ]; then
    problem "$1: somebody else has removed or replaced our qdisc; $root_kind $root_handle is there now, and stays"
    return
  fi
  case $error in
  *'What is "seed"'*)
    version=$(tc -V)
    version=\${version#*iproute2-}
    problem "this tc cannot seed netem (iproute2 \${version%%,*}); 6.6 and later can; leave --seed out" ;;
  *'No distribution data'*) problem "$1: $error (the tables of iproute2 are not installed here)" ;;
  *'Specified qdisc'* | *'No such file or directory'* | *'Unknown device type'* | *'TC classifier not found'* | *'action module'* | *'ot supported'*)
    problem "the kernel ($kernel) has no $module: load it on the host with modprobe $module; without sch_netem only --rate works, without sch_prio no spared ports: $error" ;;
  *'not permitted'*) problem "not permitted to change $1: $error; this needs the capability NET_ADMIN" ;;
  *) problem "$1: $error" ;;
  esac
}

kernel_version() { read -r _ _ kernel _ </proc/version; }

# Runs a command whose failure on device $1 ends the holder.
must() {
  where=$1
  shift
  error=$("$@" 2>&1) && return
  is_missing "$where" && return
  explain "$where"
  finish ${HOLDER_EXIT.notApplied}
}

# Takes what comes in by device $1 to an ifb of ours. -> ifb
add_ifb() {
  number=0
  until is_missing "${ifbName('$number')}"; do number=$((number + 1)); done
  ifb=${ifbName('$number')}
  module=ifb
  must "$1" ${addIfb}
  must "$1" ${markIfb}
  must "$1" ${raiseIfb}
}

# Puts the rule of the phase in force on device $1, $2 being its seed. Later phases only change what is ours.
impair() {
  seed=$2 verb=replace
  phase "$index"
  module=sch_\${rule%% *}
  if [ -n "$holding" ]; then verb=change; fi
  if [ -n "$holding" ] && [ -n "$fresh" ]; then
    must "$1" ${ruleCommand('del', '"$1"', '$place')}
    verb=add
  fi
  must "$1" tc qdisc "$verb" dev "$1" $place $rule
  case $rule in *' seed '*) check_seed "$1" ;; esac
}

# Does device $1 show its seed? A kernel that does not know it says nothing.
check_seed() {
  survey "$1" || return
  case "$(printf '%s ' $listing)" in *" seed $seed "*) return ;; esac
  kernel_version
  problem "this kernel ($kernel) does not seed netem, so the seed would drive nothing; 6.7 and later do; leave --seed out"
  finish ${HOLDER_EXIT.notApplied}
}

# The bands of device $1, those that are left alone first.
add_bands() {
  [ -n "$banded" ] || return
  module=sch_prio
  must "$1" ${bandsCommand('"$1"')}
  error=$(spare "$1" 2>&1) && return
  is_missing "$1" && return
  module=cls_u32
  explain "$1"
  finish ${HOLDER_EXIT.notApplied}
}

# Everything on device $1. What comes in is redirected only when the impairment is there.
apply() {
  ! is_taken "$1" || finish "$verdict"
  if [ -n "$wants_ingress" ]; then
    add_ifb "$1"
    add_bands "$ifb"
    impair "$ifb" "$ingress_seed"
    ingress_points="$ingress_points $ifb"
    module=sch_ingress
    must "$1" ${redirectQdisc}
    module=act_mirred
    must "$1" ${redirectFilter}
  fi
  [ -n "$wants_egress" ] || return
  add_bands "$1"
  impair "$1" "$egress_seed"
  egress_points="$egress_points $1"
}
`;
