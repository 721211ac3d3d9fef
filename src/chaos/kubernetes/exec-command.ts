import { Writable } from 'node:stream';
import type { KubeConfig, V1Status } from '@kubernetes/client-node';
import type { ApiCall } from '../../kubernetes/api-call.ts';
import { KubernetesApiError } from '../../kubernetes/api-error.ts';
import type { KubernetesClient } from '../../kubernetes/load-kubeconfig.ts';

/** What the target needs of the WebSocket that the client library hands out without a type. */
interface CommandSocket {
  close(): void;
  on(event: 'close', listener: () => void): unknown;
}

/** How a command ended: null when it ended well, else what it said. */
export type CommandProblem = string | null;

/** Of what a command prints. */
const MAX_OUTPUT_LENGTH = 1000;

/**
 * Executes a command in a container and waits for its end.
 * @returns why the command failed, null when it did not
 * @throws KubernetesApiError when it could not be executed; the reason of `signal` when that is aborted
 */
export async function execCommand(options: {
  client: KubernetesClient;
  config: KubeConfig;
  call: ApiCall;
  namespace: string;
  pod: string;
  container: string;
  command: readonly string[];
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<CommandProblem> {
  const { client, config, call, namespace, pod, container, command, timeoutMs, signal } = options;
  const output = new OutputText();
  const ended = Promise.withResolvers<V1Status | null>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const aborted = rejectOnAbort(limit);
  const exec = new client.Exec(endingWith(limit, config));
  const opening = openSocket(() =>
    exec.exec(namespace, pod, container, [...command], output, output, null, false, ended.resolve),
  );
  try {
    const socket = await Promise.race([opening, aborted.rejected]);
    socket.on('close', () => ended.resolve(null));
    const status = await Promise.race([ended.promise, aborted.rejected]);
    if (status?.status === 'Success') return null;
    const said = output.text.trim();
    return said === '' ? (status?.message ?? 'the connection was cut before it had ended') : said;
  } catch (error) {
    signal.throwIfAborted();
    throw toApiError(error, call);
  } finally {
    aborted.forget();
    // One that opens when nobody waits for it any more is closed as well.
    void opening.then((socket) => socket.close()).catch(() => {});
  }
}

/** The library opens a WebSocket for as long as it takes, but has the options of its request from the kubeconfig. */
function endingWith(signal: AbortSignal, config: KubeConfig): KubeConfig {
  const own: unknown = Object.create(config, {
    applyToHTTPSOptions: {
      value: async (options: object): Promise<void> => {
        await config.applyToHTTPSOptions(options);
        Object.assign(options, { signal });
      },
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same kubeconfig but for one method
  return own as KubeConfig;
}

class OutputText extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.text.length < MAX_OUTPUT_LENGTH) this.text += chunk.toString('utf8');
    done();
  }
}

async function openSocket(open: () => Promise<unknown>): Promise<CommandSocket> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a socket of ws, whose types the client does not bring
  return (await open()) as CommandSocket;
}

function rejectOnAbort(signal: AbortSignal): { rejected: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return { rejected: promise, forget: () => signal.removeEventListener('abort', onAbort) };
}

/** A WebSocket that was not opened says no more than `Unexpected server response: 403`. */
function toApiError(error: unknown, call: ApiCall): KubernetesApiError {
  const text = messageOf(error);
  const status = /server response: (\d{3})/.exec(text)?.[1];
  if (status === undefined)
    return new KubernetesApiError({ call, status: 'unanswered', message: text }, { cause: error });
  const message = status === '403' ? '' : 'it does not execute commands there';
  return new KubernetesApiError({ call, status: Number(status), message }, { cause: error });
}

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}
