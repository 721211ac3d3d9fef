import { IFB_PREFIX, LEAF_HANDLE, REDIRECT_PREF, ROOT_HANDLE } from './traffic-control.ts';

/**
 * Shell functions that only look, for dash and busybox ash: without `set -u`, because an undo must not end at a
 * variable that a signal kept from being set. Results are left in variables, because a subshell could not set them.
 */
export const SHELL_SURVEY = `
set -f
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"
failed= sleeper=
say() { printf 'netwatch: %s\\n' "$*"; }
problem() { say problem $*; }

# In milliseconds since boot, to 10 ms; no clock that is set can move it. -> clock
now() {
  read -r clock _ </proc/uptime
  clock=$(( \${clock%.*} * 1000 + (1\${clock#*.} - 100) * 10 ))
}

# For so many milliseconds, or until a signal: a trap waits for a command, but not for wait.
nap() {
  fraction=$((1000 + $1 % 1000))
  sleep "$(($1 / 1000)).\${fraction#1}" >/dev/null 2>&1 &
  sleeper=$!
  wait "$sleeper"
  sleeper=
}

# Is this device gone for certain, and not just hard to see?
is_missing() {
  case $(ip link show dev "$1" 2>&1) in
  *'does not exist'* | *'annot find device'*) return 0 ;;
  esac
  return 1
}

# The devices of this namespace but lo and our own; $1 may be "up". -> found
find_devices() {
  found=
  links=$(ip -o link show $1 2>&1) || { error=$links; return 1; }
  while read -r _ name _; do
    name=\${name%:}
    name=\${name%%@*}
    case $name in
    '' | lo | ${IFB_PREFIX}[0-9]*) ;;
    *) found="$found $name" ;;
    esac
  done <<END
$links
END
}

# Our ifb that takes what comes in by device $1. -> ifb, or nothing; marked: the devices of every ifb of ours
find_ifb() {
  ifb= marked=
  links=$(ip -o link show type ifb 2>/dev/null)
  while read -r _ name rest; do
    name=\${name%:}
    case "$name $rest " in
    ${IFB_PREFIX}[0-9]*' alias netwatch:'*) ;;
    *) continue ;;
    esac
    of=\${rest##* alias netwatch:}
    of=\${of%%[ \\\\]*}
    marked="$marked $of"
    [ "$of" != "$1" ] || ifb=$name
  done <<END
$links
END
}

# The qdiscs of device $1. -> listing root_kind root_handle leaf_kind ingress_kind waiting
survey() {
  root_kind= root_handle= leaf_kind= ingress_kind= waiting=0b at=
  listing=$(tc -s qdisc show dev "$1" 2>&1) || return 1
  while read -r word one two three _; do
    case "$word $two $three" in
    'qdisc '*' root') root_kind=$one root_handle=$two at=root ;;
    'qdisc ${LEAF_HANDLE} parent') leaf_kind=$one at= ;;
    'qdisc ffff: parent') ingress_kind=$one at= ;;
    'qdisc '*) at= ;;
    'backlog '*) [ -z "$at" ] || waiting=$one ;;
    esac
  done <<END
$listing
END
}

# The filters for what comes in by device $1. -> ours, others: nothing when there are none
find_filters() {
  ours= others=
  filters=$(tc filter show dev "$1" parent ffff: 2>/dev/null)
  while read -r word _ _ label pref _; do
    case "$word $label $pref" in
    'filter pref ${REDIRECT_PREF}') ours=1 ;;
    'filter '*) others=1 ;;
    esac
  done <<END
$filters
END
}

# Is the ingress qdisc of device $1, just surveyed, ours? It is when our filter is in it or our ifb is there.
is_our_ingress() {
  [ "$ingress_kind" = ingress ] || return 1
  find_ifb "$1"
  find_filters "$1"
  [ -n "$ours$ifb" ]
}

# Whose a qdisc of kind $1 and handle $2 looks like, no surer than it is.
looks_like() {
  case $1 in
  netem) owner='an injection of somebody else: tc by hand, Pumba, Chaos Mesh or containerlab' ;;
  prio) owner='bands of somebody else: tc by hand, or Pumba or Chaos Mesh injecting for single addresses' ;;
  htb | hfsc | cbq | drr) owner='bandwidth shared out by somebody else: tc, wondershaper, tcconfig' ;;
  tbf) owner='a rate limit of somebody else: tc by hand, or a bandwidth plugin of the container network' ;;
  cake) owner='a shaper against full buffers, as SQM sets it' ;;
  ingress | clsact) owner='filters for incoming packets of somebody else: tc, or an eBPF program as of Cilium' ;;
  ifb) owner='a device with a name of ours that does not say that it is ours' ;;
  *) owner='chosen by somebody else' ;;
  esac
}

refuse() {
  looks_like "$2"
  say refused "$1" "$2" "$3" "$owner"
}

# Is there anything of somebody else on device $1 where we want to be? Says so.
is_taken() {
  survey "$1" || { problem "the qdiscs of $1 cannot be read: $listing"; return 0; }
  case $root_handle in
  '' | 0: | ${ROOT_HANDLE}) ;;
  *) refuse "$1" "$root_kind" "$root_handle"; return 0 ;;
  esac
  [ -n "$wants_ingress" ] && [ -n "$ingress_kind" ] || return 1
  is_our_ingress "$1" && [ -z "$others" ] && return 1
  refuse "$1" "$ingress_kind" ffff:
}
`;
