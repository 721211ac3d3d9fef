import { ChaosError } from '../target.ts';

const DEVICE_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,14}$/;
const NAMESPACE_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}$/;
/** Of a qdisc's arguments: words that mean nothing to a shell. `$seed` is a variable of the script. */
const RULE_WORD = /^(?:[A-Za-z0-9.%:-]+|\$seed)$/;

/** What comes before a command line that a person is to type. @throws ChaosError for what is no name of a namespace */
export function byHand(namespace: string | undefined): string {
  if (namespace === undefined) return 'by hand, in the network namespace of that container:';
  if (!NAMESPACE_NAME.test(namespace)) {
    throw new ChaosError(`"${namespace}" is no name of a network namespace: letters, digits, "_", "." and "-"`);
  }
  return `by hand: ip netns exec ${namespace}`;
}

/** @throws ChaosError for a word that a shell could take for more than a word */
export function ruleText(rule: readonly string[]): string {
  const strange = rule.find((word) => !RULE_WORD.test(word));
  if (strange !== undefined) throw new ChaosError(`"${strange}" is no argument of a qdisc`);
  return rule.join(' ');
}

/** @throws ChaosError for what is no name of a device, or looks like an option */
export function deviceNames(devices: readonly string[] | null): string {
  if (devices === null) return '';
  const strange = devices.find((name) => !DEVICE_NAME.test(name));
  if (strange !== undefined) {
    throw new ChaosError(`"${strange}" is no name of a network device: 1 to 15 letters, digits, "_", "." and "-"`);
  }
  return devices.join(' ');
}
