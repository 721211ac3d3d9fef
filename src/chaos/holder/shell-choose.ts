import { HOLDER_EXIT } from './holder-lines.ts';

/** Shell functions that find out where an injection goes, and refuse where somebody else is. */
export const SHELL_CHOOSE = `
# Whose a qdisc of kind $1 and handle $2 looks like, no surer than it is.
looks_like() {
  case $1 in
  netem) owner='an injection of somebody else: tc by hand, Pumba, Chaos Mesh or containerlab' ;;
  prio) owner='bands of somebody else: tc by hand, or Pumba or Chaos Mesh injecting for single addresses' ;;
  htb | hfsc | cbq | drr) owner='bandwidth shared out by somebody else: tc, wondershaper, tcconfig' ;;
  tbf) owner='a rate limit of somebody else: tc by hand, or a bandwidth plugin of the container network' ;;
  cake) owner='a shaper against full buffers, as SQM sets it' ;;
  ingress | clsact) owner='filters for incoming packets of somebody else: tc, or an eBPF program as of Cilium' ;;
  *) owner='chosen by somebody else' ;;
  esac
}

refuse() {
  looks_like "$2"
  say refused "$1" "$2" "$3" "$owner"
}

# Is there anything of somebody else on device $1 where we want to be? Says so. -> verdict: how to end then
is_taken() {
  verdict=${HOLDER_EXIT.refused}
  survey "$1" || { problem "the qdiscs of $1 cannot be read: $listing"; verdict=${HOLDER_EXIT.notApplied}; return 0; }
  case $root_handle$is_our_root in
  '' | 0: | *:1) ;;
  *) refuse "$1" "$root_kind" "$root_handle"; return 0 ;;
  esac
  [ -n "$wants_ingress" ] && [ -n "$ingress_kind" ] || return 1
  is_our_ingress "$1" && [ -z "$others" ] && return 1
  refuse "$1" "$ingress_kind" ffff:
}

# Where the impairment goes, and only if nothing of somebody else is there.
choose_devices() {
  [ -n "$devices" ] || { find_devices up || { problem "the network devices cannot be listed: $error"; exit ${HOLDER_EXIT.notApplied}; }; devices=$found; }
  [ -n "$devices" ] || { problem 'there is no network device that is up, but lo'; exit ${HOLDER_EXIT.notApplied}; }
  for device in $devices; do
    is_missing "$device" && { problem "there is no device $device"; exit ${HOLDER_EXIT.notApplied}; }
    ! is_taken "$device" || exit "$verdict"
  done
}

check_tools() {
  [ -r /proc/uptime ] || { problem 'there is no /proc/uptime here to tell the time by'; exit ${HOLDER_EXIT.notApplied}; }
  for tool in tc ip sleep; do
    command -v "$tool" >/dev/null || { problem "there is no $tool here; it is part of $([ "$tool" = sleep ] && echo coreutils || echo iproute2)"; exit ${HOLDER_EXIT.notApplied}; }
  done
  sleep 0.001 2>/dev/null || { problem 'the sleep that is here does not take fractions of a second'; exit ${HOLDER_EXIT.notApplied}; }
}
`;
