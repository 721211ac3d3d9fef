/**
 * The one rule that gives every configuration key its outside names: `udpListenPort` is `--udp-listen-port` as a flag,
 * `udp_listen_port` in a config file and `UDP_LISTEN_PORT` in the environment. Only the environment names below are
 * plain; every other one is prefixed, so that a stray NAME or RATE in someone's environment does nothing.
 */
const PUBLIC_ENVIRONMENT_NAMES: ReadonlySet<string> = new Set([
  'RACK_ID',
  'SERVER_ID',
  'RACK_CONTROLLER_HOST',
  'RACK_CONTROLLER_PORT',
  'INTERVAL_SEC',
  'UDP_LISTEN_HOST',
  'UDP_LISTEN_PORT',
  'DC_CONTROLLER_HOST',
  'DC_CONTROLLER_PORT',
  'DC_ID',
  'TCP_LISTEN_HOST',
  'TCP_LISTEN_PORT',
  'NUM_RACKS',
  'METRICS_PORT',
]);

/** `udpListenPort` → `udp-listen-port`, without the leading dashes. */
export function flagName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `udpListenPort` → `udp_listen_port`. */
export function fileKey(key: string): string {
  return flagName(key).replaceAll('-', '_');
}

/** `udpListenPort` → `UDP_LISTEN_PORT`, `rate` → `NETWATCH_RATE`. */
export function environmentName(key: string): string {
  const plain = fileKey(key).toUpperCase();
  return PUBLIC_ENVIRONMENT_NAMES.has(plain) ? plain : `NETWATCH_${plain}`;
}
