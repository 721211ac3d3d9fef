import { placeOf, ruleCommand, unredirectCommands } from './tc-commands.ts';
import { IDLE_NETEM, IDLE_TBF, ROOT_HANDLE } from './traffic-control.ts';

const [deleteFilter = '', deleteIngress = '', deleteIfb = ''] = unredirectCommands('"$1"', '"$ifb"');
const deleteRoot = ruleCommand('del', '"$1"', placeOf(false));
// The same for people to type. Without its handle, or elsewhere, such a line would take away what is not ours.
const [filterByHand = '', ingressByHand = '', ifbByHand = ''] = unredirectCommands('$1', '$ifb');
const rootByHand = ruleCommand('del', '$1', placeOf(false));

/**
 * Shell functions that take away what is ours, and nothing else: whether it is, is looked up right before. They use
 * `survey` and the others, and can be called again and again, whatever is there. Of the generated head they use
 * `by_hand`: what comes before a command line that a person is to type.
 */
export const SHELL_UNDO = `
# Takes the impairment off device $1 without deleting it: what waits in a qdisc that is deleted is lost.
ease() {
  survey "$1" && [ -n "$is_our_root" ] || return 0
  kind=$root_kind spot='${placeOf(false)}'
  [ "$root_kind" != prio ] || kind=$leaf_kind spot='${placeOf(true)}'
  case $kind in
  netem) tc qdisc change dev "$1" $spot ${IDLE_NETEM} 2>/dev/null ;;
  tbf) tc qdisc change dev "$1" $spot ${IDLE_TBF} 2>/dev/null ;;
  esac
  return 0
}

# Does anything wait in a qdisc of ours on device $1?
is_waiting() {
  survey "$1" && [ -n "$is_our_root" ] && [ "$waiting" != 0b ]
}

# Lets go what waits on the devices given, but not longer than drain_ms.
drain() {
  now
  drained=$((clock + drain_ms))
  while [ "$clock" -lt "$drained" ]; do
    any=
    for point in "$@"; do ! is_waiting "$point" || any=1; done
    [ -n "$any" ] || break
    sleep 0.05
    now
  done
}

# The root qdisc of device $1, if it is ours.
free_root() {
  if survey "$1"; then
    [ -n "$is_our_root" ] || return 0
    error=$(${deleteRoot} 2>&1)
    survey "$1" && [ -z "$is_our_root" ] && return 0
  else
    error=$listing
  fi
  is_missing "$1" && return 0
  not_undone "the qdisc ${ROOT_HANDLE} of $1 cannot be removed: $error; $by_hand ${rootByHand}"
}

# The redirection of what comes in by device $1, if it is ours.
free_ingress() {
  error=
  if survey "$1" && is_our_ingress "$1"; then
    [ -z "$ours" ] || error=$(${deleteFilter} 2>&1)
    # A filter that somebody else has added in between keeps the qdisc.
    find_filters "$1"
    [ -n "$ours$others" ] || error="$error$(${deleteIngress} 2>&1)"
    survey "$1" && is_our_ingress "$1" && { [ -n "$ours" ] || [ -z "$others" ]; } && {
      line="${ingressByHand}"
      [ -z "$others" ] || line="${filterByHand}"
      not_undone "the redirection of $1 cannot be removed: $error; $by_hand $line"
    }
  fi
  find_ifb "$1"
  [ -n "$ifb" ] || return 0
  error=$(${deleteIfb} 2>&1)
  is_missing "$ifb" || not_undone "the device $ifb cannot be removed: $error; $by_hand ${ifbByHand}"
}

not_undone() {
  failed=1
  problem "$1"
}

# Everything of ours on the devices given.
undo() {
  eased=
  for device in "$@"; do
    find_ifb "$device"
    eased="$eased $device $ifb"
  done
  for point in $eased; do ease "$point"; done
  drain $eased
  for device in "$@"; do
    free_ingress "$device"
    free_root "$device"
  done
}
`;
