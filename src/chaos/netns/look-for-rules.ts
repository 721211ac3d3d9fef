import { runCommand } from '../../io/run-command.ts';
import { SERVER_DEVICE } from '../../wire/netns-claim.ts';
import { IFB_PREFIX, OUR_KINDS, ROOT_HANDLE } from '../holder/traffic-control.ts';

/** Each namespace, and then its qdiscs; what cannot be looked into has none. One process that tells of all is cheap. */
const LOOK = 'for namespace; do echo "namespace $namespace"; tc -n "$namespace" qdisc show 2>/dev/null; done; :';
const LOOK_MS = 60_000;

/** What we put at the root of a server's device, and whatever has a device of ours for what comes in. */
const OUR_RULE = new RegExp(
  String.raw`^qdisc (?:(?:${OUR_KINDS.join('|')}) ${ROOT_HANDLE} dev ${SERVER_DEVICE} root|\S+ \S+ dev ${IFB_PREFIX}\d)`,
);

/**
 * Which of these network namespaces have a rule of ours, by the rules themselves.
 * @throws the reason of `signal` when that is aborted
 */
export async function lookForRules(namespaces: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  if (namespaces.length === 0) return new Set();
  const { stdout } = await runCommand(['sh', '-c', LOOK, 'sh', ...namespaces], { timeoutMs: LOOK_MS, signal });
  return namespacesWithRules(stdout);
}

/** Reads what such a look printed. */
export function namespacesWithRules(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  let namespace = '';
  for (const line of text.split('\n')) {
    const [, name] = /^namespace (\S+)$/.exec(line) ?? [];
    namespace = name ?? namespace;
    if (OUR_RULE.test(line)) found.add(namespace);
  }
  return found;
}
