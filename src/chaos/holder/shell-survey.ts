import { IFB_PREFIX, LEAF_HANDLE, OUR_KINDS, REDIRECT_PREF, ROOT_HANDLE } from './traffic-control.ts';

/** As a pattern of `case`. */
const OUR_ROOTS = OUR_KINDS.map((kind) => `'${kind} ${ROOT_HANDLE}'`).join(' | ');

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
    name=\${name%%@*}
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

# The qdiscs of device $1. -> listing root_kind root_handle is_our_root leaf_kind ingress_kind waiting
survey() {
  root_kind= root_handle= is_our_root= leaf_kind= ingress_kind= waiting=0b at=
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
  case "$root_kind $root_handle" in ${OUR_ROOTS}) is_our_root=1 ;; esac
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
`;
