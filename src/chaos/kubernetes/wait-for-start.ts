import type { V1Pod } from '@kubernetes/client-node';
import { KubernetesApiError } from '../../kubernetes/api-error.ts';
import { hasSaid, HOLDER_EXIT, reasonIn } from '../holder/holder-lines.ts';
import { START_EXIT } from './chaos-container.ts';
import { containerState, type ContainerState } from './held-state.ts';
import type { ContainerPlace } from './kubernetes-api.ts';
import { askUntil } from './patience.ts';
import { type PodWork, readAgain } from './pod-access.ts';
import { podName } from './pod-identity.ts';

/** Whether a container of ours did its work. `gone`: its pod is, and with it whatever was in force there. */
export type StartOutcome =
  { readonly kind: 'done' } | { readonly kind: 'gone' } | { readonly kind: 'problem'; readonly text: string };

/** Reasons for which a container waits and that do not go away by waiting. */
const STUCK: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
const BAD_REQUEST = 400;

/** Waits until a holder says that its injection is in force, or cannot be. @throws as the API */
export async function waitUntilHeld(work: PodWork, pod: V1Pod, name: string): Promise<StartOutcome> {
  return waitFor({
    work,
    pod,
    name,
    end: (state) => holderOutcome(work, { pod: podName(pod), container: name }, state),
  });
}

/** Waits until a sweep has ended. @throws as the API */
export async function waitUntilSwept(work: PodWork, pod: V1Pod, name: string): Promise<StartOutcome> {
  return waitFor({
    work,
    pod,
    name,
    end: async (state) => (state.kind === 'ended' ? exitOutcome(state) : null),
  });
}

async function waitFor(options: {
  work: PodWork;
  pod: V1Pod;
  name: string;
  end: (state: ContainerState) => Promise<StartOutcome | null>;
}): Promise<StartOutcome> {
  const { work, pod, name, end } = options;
  const { helperImage, pollIntervalMs: intervalMs, startTimeoutMs: timeoutMs, signal } = work;
  let last: ContainerState = { kind: 'waiting', reason: 'not started yet', message: '' };
  const outcome = await askUntil({ intervalMs, timeoutMs, signal }, async () => {
    const now = await readAgain(work, pod);
    if (now === null) return { kind: 'gone' } as const;
    last = containerState(now, name);
    if (last.kind === 'waiting' && STUCK.has(last.reason)) return failed(stuckProblem(last, helperImage));
    return end(last);
  });
  return outcome ?? failed(lateProblem(last, name, timeoutMs));
}

async function holderOutcome(
  { api, signal }: PodWork,
  place: ContainerPlace,
  state: ContainerState,
): Promise<StartOutcome | null> {
  if (state.kind === 'ended') return exitOutcome(state);
  if (state.kind === 'waiting') return null;
  try {
    const log = await api.readLog(place, signal);
    return hasSaid(log.split('\n'), 'ready') ? { kind: 'done' } : null;
  } catch (error) {
    // The kubelet has not opened the log yet; or the pod is going, which the next look will show.
    if (error instanceof KubernetesApiError && (error.status === BAD_REQUEST || error.isNotFound)) return null;
    throw error;
  }
}

function failed(text: string): StartOutcome {
  return { kind: 'problem', text };
}

function exitOutcome(state: Extract<ContainerState, { kind: 'ended' }>): StartOutcome {
  const problem = exitProblem(state);
  return problem === null ? { kind: 'done' } : failed(problem);
}

function exitProblem({ exitCode, message }: Extract<ContainerState, { kind: 'ended' }>): string | null {
  const reason = reasonIn(message.split('\n'));
  const said = reason === null ? '' : `: ${reason}`;
  switch (exitCode) {
    case HOLDER_EXIT.undone:
      // Shorter than the way from its start to us.
      return null;
    case HOLDER_EXIT.refused:
      return `refused, nothing was changed${said}`;
    case HOLDER_EXIT.notApplied:
      return `it could not be applied${said}`;
    case HOLDER_EXIT.notUndone:
      return `it could NOT BE UNDONE${said}`;
    case START_EXIT.tooLate:
      return 'the helper container started too late, and so did nothing. Is its image slow to pull, or the clock of the node wrong?';
    case START_EXIT.noPidFile:
      return `the helper container cannot write to /tmp, and so did nothing${said}. Does --helper-image name the right image?`;
    default:
      return `the helper container died with exit code ${exitCode}${said}. Does --helper-image name an image with sh, ip and tc?`;
  }
}

function stuckProblem({ reason, message }: { reason: string; message: string }, image: string): string {
  const said = message === '' ? '' : ` (${message})`;
  const isImage = reason.includes('Image');
  const what = isImage
    ? `the image ${image} of the helper container cannot be had`
    : 'the helper container cannot start';
  const hint = isImage ? ' Name one that the nodes can pull with --helper-image.' : '';
  return `${what}: ${reason}${said}.${hint}`;
}

function lateProblem(state: ContainerState, name: string, timeoutMs: number): string {
  const seconds = timeoutMs / 1000;
  if (state.kind === 'running')
    return `the helper container ${name} runs, but did not say within ${seconds} s that it is ready`;
  const reason = state.kind === 'waiting' ? state.reason : 'ended';
  return `the helper container ${name} did not start within ${seconds} s (${reason}). Is the node busy or cut off?`;
}
