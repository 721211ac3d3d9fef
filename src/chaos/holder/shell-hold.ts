import { HOLDER_EXIT } from './holder-lines.ts';

/** Shell functions that run the phases of an injection that is in force, and end when nothing is left to hold. */
export const SHELL_HOLD = `
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
    if [ $((clock - looked)) -ge 5000 ]; then looked=$clock; forget_missing; fi
    left=5000
    [ -z "$1" ] || [ $(($1 - clock)) -gt 5000 ] || left=$(($1 - clock))
    [ "$left" -gt 0 ] || return
    nap "$left"
  done
}

is_last() { [ -z "$repeats" ] && [ "$index" -eq $((phases - 1)) ]; }

# Runs the phases until the duration is over. Each ends at a time counted from the first: what tc takes adds up to nothing.
hold() {
  holding=1
  now
  looked=$clock end=
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
`;
