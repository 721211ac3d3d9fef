import { startHttpServer, type HttpServerOptions } from '../io/http.ts';
import type { Lifecycle } from '../io/lifecycle.ts';
import type { Log } from '../io/log.ts';

/**
 * Starts an HTTP server that the lifecycle closes; its port.
 * @throws ListenError when it cannot listen
 */
export async function serve(
  { log, lifecycle }: { readonly log: Log; readonly lifecycle: Lifecycle },
  place: Omit<HttpServerOptions, 'onError'>,
): Promise<number> {
  const server = await startHttpServer({ ...place, onError: (error) => log.error({ err: error }, 'request failed') });
  lifecycle.defer(place.purpose, () => server.close());
  return server.address.port;
}
