import type { AgentConfig } from '../config/agent.ts';
import { startHttpServer, type HttpServer } from '../io/http.ts';
import { readTokenFile } from '../io/token-file.ts';
import type { Chaos } from './chaos.ts';
import { createControlRoutes } from './control-routes.ts';

/** The only address where chaos is controlled: whoever is not on this machine has no business there. */
const CONTROL_HOST = '127.0.0.1';
/** An injection of 4096 phases has some 800 KiB. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Serves the control of chaos, or nothing (null) when no port is configured.
 * @throws Error that names the token file when it cannot be used
 * @throws ListenError when the port is not to be had
 */
export async function startControl(options: {
  readonly config: AgentConfig;
  readonly chaos: Chaos;
  readonly onError: (error: unknown) => void;
}): Promise<HttpServer | null> {
  const { config, chaos, onError } = options;
  const { controlPort: port, controlTokenFile, rackId, serverIds, rackControllerPort: rackPort } = config;
  // The configuration is held to this; null is for the types.
  if (port === null || controlTokenFile === null) return null;
  const token = await readTokenFile(controlTokenFile);
  return startHttpServer({
    host: CONTROL_HOST,
    port,
    purpose: 'control of chaos (--control-port)',
    routes: createControlRoutes({ chaos, rackId, serverIds, rackPort, token }),
    onError,
    maxBodyBytes: MAX_BODY_BYTES,
  });
}
