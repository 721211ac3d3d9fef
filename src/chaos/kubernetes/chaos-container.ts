import type { V1EphemeralContainer } from '@kubernetes/client-node';

/**
 * The ephemeral containers that chaos adds to a pod. Kubernetes can neither stop nor remove nor change one, and keeps it
 * in the pod's description for as long as the pod lives, so each carries what there is to know about it in its
 * environment, and is told to end by a signal from an exec.
 */
export interface HolderFacts {
  readonly id: string;
  readonly rackId: number;
  readonly serverId: number;
  readonly description: string;
  /** Null: until it is cleared. */
  readonly durationSeconds: number | null;
  /**
   * Unix seconds, the cluster's clock. A container whose image comes late starts whenever it comes, perhaps hours after
   * anybody wanted it: later than this it does nothing.
   */
  readonly startBySeconds: number;
}

const HOLDER_PREFIX = 'netwatch-chaos-';
const SWEEP_PREFIX = 'netwatch-sweep-';
const PID_FILE = '/tmp/netwatch-chaos.pid';

/** Exit codes of what stands before the holder's own script; those of the script are 0 and from 10 to 12. */
export const START_EXIT = { tooLate: 20, noPidFile: 21 } as const;

/** For a shell: tells the holder in whose container it is executed to undo and end. Its pid is 1 unless the pod shares its pids. */
export const STOP_SCRIPT = `kill -TERM "$(cat ${PID_FILE})"`;

export function holderName(id: string): string {
  return HOLDER_PREFIX + id;
}

export function isHolder(name: string): boolean {
  return name.startsWith(HOLDER_PREFIX);
}

export function isSweep(name: string): boolean {
  return name.startsWith(SWEEP_PREFIX);
}

/** The id of the injection that a holder of this name holds. */
export function holderId(name: string): string {
  return name.slice(HOLDER_PREFIX.length);
}

/** @param script for a POSIX shell */
export function holderContainer(options: { image: string; facts: HolderFacts; script: string }): V1EphemeralContainer {
  const { image, facts, script } = options;
  const start = [
    `[ "$(date +%s)" -le "$NETWATCH_CHAOS_START_BY" ] || exit ${START_EXIT.tooLate}`,
    `echo $$ >${PID_FILE} || exit ${START_EXIT.noPidFile}`,
  ];
  return Object.assign(container({ name: holderName(facts.id), image, script: [...start, script].join('\n') }), {
    env: [
      { name: 'NETWATCH_CHAOS_ID', value: facts.id },
      { name: 'NETWATCH_CHAOS_RACK', value: String(facts.rackId) },
      { name: 'NETWATCH_CHAOS_SERVER', value: String(facts.serverId) },
      { name: 'NETWATCH_CHAOS_DESCRIPTION', value: facts.description },
      { name: 'NETWATCH_CHAOS_SECONDS', value: String(facts.durationSeconds ?? 'forever') },
      { name: 'NETWATCH_CHAOS_START_BY', value: String(Math.ceil(facts.startBySeconds)) },
    ],
  });
}

/** @param nonce makes the name one that the pod has not had */
export function sweepContainer(options: { image: string; nonce: string; script: string }): V1EphemeralContainer {
  const { image, nonce, script } = options;
  return container({ name: SWEEP_PREFIX + nonce, image, script });
}

/** What a holder's environment says of it; null when that is not ours or not whole. */
export function parseHolderFacts({ env }: V1EphemeralContainer): HolderFacts | null {
  const texts = new Map((env ?? []).map(({ name, value }) => [name, value]));
  const id = texts.get('NETWATCH_CHAOS_ID');
  const description = texts.get('NETWATCH_CHAOS_DESCRIPTION');
  const seconds = texts.get('NETWATCH_CHAOS_SECONDS');
  const rackId = count(texts.get('NETWATCH_CHAOS_RACK'));
  const serverId = count(texts.get('NETWATCH_CHAOS_SERVER'));
  const startBySeconds = count(texts.get('NETWATCH_CHAOS_START_BY'));
  const durationSeconds = seconds === 'forever' ? null : Number.parseFloat(seconds ?? '');
  if (id === undefined || description === undefined || rackId === null || serverId === null) return null;
  if (startBySeconds === null || Number.isNaN(durationSeconds)) return null;
  return { id, rackId, serverId, description, durationSeconds, startBySeconds };
}

/** With nothing but what `tc` needs: root without a right, and NET_ADMIN. Pods may say that theirs are not root. */
function container(of: { name: string; image: string; script: string }): V1EphemeralContainer {
  return {
    name: of.name,
    image: of.image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', escapeReferences(of.script)],
    // The last lines of a holder that failed stay in the pod's status.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: {
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      privileged: false,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

/** Kubernetes replaces `$(NAME)` in a command and makes one `$` of two, which would change what a shell is told. */
function escapeReferences(script: string): string {
  return script.replaceAll('$', () => '$$');
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
