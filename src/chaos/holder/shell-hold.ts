import { HOLDER_EXIT } from './holder-lines.ts';
import { bandsCommand, ifbCommands, ifbName, redirectCommands, ruleCommand } from './tc-commands.ts';
import { ROOT_HANDLE } from './traffic-control.ts';

const [redirectQdisc = '', redirectFilter = ''] = redirectCommands('"$1"', '"$ifb"');
const [addIfb = '', markIfb = '', raiseIfb = ''] = ifbCommands('"$ifb"', '"$1"');

/**
 * Shell functions that put an injection in force and hold it. They use those of the survey and the undo, and of the
 * generated head: `phase N` (-> length rule fresh), `spare POINT`, and what `holderScript` sets.
 */
export const SHELL_HOLD = `
# Ends with this code, or with "not undone" when something of ours is left. Nothing interrupts it.
finish() {
  trap '' TERM INT HUP PIPE
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
  undo $devices
  [ -z "$failed" ] || exit ${HOLDER_EXIT.notUndone}
  [ "$1" != ${HOLDER_EXIT.undone} ] || say undone
  exit "$1"
}

# In words what went wrong on device $1; $error is what tc said, $module what it needed of the kernel.
explain() {
  kernel_version
  if [ -n "$holding" ] && survey "$1" && [ "$root_handle" != ${ROOT_HANDLE} ]; then
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
    must "$1" ${ruleCommand('del', '"$1"', '$place', '')}
    verb=add
  fi
  must "$1" tc qdisc "$verb" dev "$1" $place $rule
  case $rule in *' seed '*) check_seed "$1" ;; esac
}

# Does device $1 show its seed? A kernel that does not know it says nothing.
check_seed() {
  survey "$1" || return
  case "$listing " in *" seed $seed "*) return ;; esac
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
  ! is_taken "$1" || finish ${HOLDER_EXIT.refused}
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

# Tells of devices that vanished and forgets them; without any left there is nothing to hold.
forget_missing() {
  present=
  for device in $devices; do
    if is_missing "$device"; then say gone "$device"; free_ingress "$device"; else present="$present $device"; fi
  done
  devices=$present
  [ -n "$devices" ] || finish ${HOLDER_EXIT.undone}
}

# Until this time, or for ever when it is empty; looks for vanished devices now and then.
rest() {
  while :; do
    now
    left=5000
    [ -z "$1" ] || [ $(($1 - clock)) -gt 5000 ] || left=$(($1 - clock))
    [ "$left" -gt 0 ] || return
    nap "$left"
    [ "$left" -lt 1000 ] || forget_missing
  done
}

is_last() { [ -z "$repeats" ] && [ "$index" -eq $((phases - 1)) ]; }

# Runs the phases until the duration is over. Each ends at a time counted from the first: what tc takes adds up to nothing.
hold() {
  holding=1
  now
  end=
  [ -z "$duration" ] || end=$((clock + duration))
  until=$((clock + length))
  while :; do
    if is_last; then until=$end; fi
    if [ -n "$end" ] && [ "$until" -gt "$end" ]; then until=$end; fi
    rest "$until"
    [ "$until" != "$end" ] || return
    index=$(((index + 1) % phases))
    now
    # After a suspension whole rounds are left out.
    if [ "$index" -eq 0 ] && [ "$clock" -gt "$until" ]; then until=$((until + (clock - until) / cycle * cycle)); fi
    phase "$index"
    until=$((until + length))
    # A phase that is over before it began is left out, but for the last, which lasts.
    [ "$clock" -lt "$until" ] || is_last || continue
    for point in $egress_points; do is_missing "$point" || impair "$point" "$egress_seed"; done
    for point in $ingress_points; do is_missing "$point" || impair "$point" "$ingress_seed"; done
  done
}

# Where the impairment goes, and only if nothing of somebody else is there.
choose_devices() {
  [ -n "$devices" ] || { find_devices up || { problem "the network devices cannot be listed: $error"; exit ${HOLDER_EXIT.notApplied}; }; devices=$found; }
  [ -n "$devices" ] || { problem 'there is no network device that is up, but lo'; exit ${HOLDER_EXIT.notApplied}; }
  for device in $devices; do
    is_missing "$device" && { problem "there is no device $device"; exit ${HOLDER_EXIT.notApplied}; }
    ! is_taken "$device" || exit ${HOLDER_EXIT.refused}
  done
}

check_tools() {
  for tool in tc ip sleep; do
    command -v "$tool" >/dev/null || { problem "there is no $tool here; it is part of $([ "$tool" = sleep ] && echo coreutils || echo iproute2)"; exit ${HOLDER_EXIT.notApplied}; }
  done
  sleep 0.001 2>/dev/null || { problem 'the sleep that is here does not take fractions of a second'; exit ${HOLDER_EXIT.notApplied}; }
}
`;
