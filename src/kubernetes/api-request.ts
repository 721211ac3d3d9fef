import type { ApiException, ConfigurationOptions, RequestContext } from '@kubernetes/client-node';
import { connectionErrorCode, connectionErrorText, messageOf } from '../io/error-text.ts';
import type { ApiCall } from './api-call.ts';
import { KubernetesApiError, statusMessage } from './api-error.ts';
import type { KubernetesClient } from './load-kubeconfig.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** Longest that one request may take. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** How far a request has come. */
interface Progress {
  isSent: boolean;
  /** Status and content type; null: nothing yet. */
  answered: string | null;
}

/** Makes requests with the client library that end in time, share their connections and tell of their errors. */
export class ApiRequests {
  readonly #client: KubernetesClient;
  #dispatcher: Dispatcher | null = null;
  #aheadSeconds = 0;

  constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /** Unix seconds of the cluster's clock: that of the API server's last answer, carried on; at first this machine's. */
  nowSeconds(): number {
    return Date.now() / 1000 + this.#aheadSeconds;
  }

  /**
   * Makes one call.
   * @param request calls the library with these options
   * @throws KubernetesApiError when it fails; the reason of `signal` when that is aborted
   */
  async ask<T>(call: ApiCall, signal: AbortSignal, request: (options: ConfigurationOptions) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const progress: Progress = { isSent: false, answered: null };
    try {
      return await request(this.#options(call, AbortSignal.any([signal, timeout]), progress));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KubernetesApiError) throw error;
      if (error instanceof this.#client.ApiException) {
        const { code, body }: ApiException<unknown> = error;
        throw new KubernetesApiError({ call, status: code, message: statusMessage(body) }, { cause: error });
      }
      throw new KubernetesApiError({ call, ...failureOf(error, progress, timeout.aborted) }, { cause: error });
    }
  }

  async close(): Promise<void> {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = null;
    await dispatcher?.destroy();
  }

  #options(call: ApiCall, signal: AbortSignal, progress: Progress): ConfigurationOptions {
    const client = this.#client;
    const http = new client.IsomorphicFetchHttpLibrary();
    const httpApi = client.wrapHttpLibrary({
      send: async (context) => {
        progress.isSent = true;
        context.setSignal(signal);
        // The library's own choice is a JSON patch, which would put a list in the place of the pod's.
        if (call.verb === 'patch') context.setHeaderParam('Content-Type', client.PatchStrategy.StrategicMergePatch);
        this.#shareConnection(context);
        const response = await http.send(context).toPromise();
        progress.answered = `${response.httpStatusCode}, ${response.headers['content-type'] ?? 'of no content type'}`;
        const dateMs = Date.parse(response.headers['date'] ?? '');
        if (!Number.isNaN(dateMs)) this.#aheadSeconds = (dateMs - Date.now()) / 1000;
        return response;
      },
    });
    return { httpApi };
  }

  /** The library makes a pool of TLS connections for each request; all share the first. */
  #shareConnection(context: RequestContext): void {
    const own = context.getDispatcher();
    if (own === undefined) return;
    this.#dispatcher ??= own;
    if (own === this.#dispatcher) return;
    context.setDispatcher(this.#dispatcher);
    void own.close();
  }
}

/** Why there is no answer, of an error that is none of the API server's own. */
function failureOf(
  error: unknown,
  { isSent, answered }: Progress,
  isTooLate: boolean,
): { status: 'unsent' | 'unanswered' | 'senseless'; message: string } {
  if (!isSent) return { status: 'unsent', message: messageOf(error) };
  if (isTooLate) return { status: 'unanswered', message: `nothing within ${REQUEST_TIMEOUT_MS / 1000} s` };
  // Without a code it is none of the connection's: the answer came, and the library could not read it.
  if (answered !== null && connectionErrorCode(error) === null) {
    return { status: 'senseless', message: `${answered}: ${messageOf(error)}` };
  }
  return { status: 'unanswered', message: connectionErrorText(error) };
}
