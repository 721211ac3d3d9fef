import type { Lifecycle } from '../io/lifecycle.ts';
import { isLoopback } from '../io/loopback.ts';
import { readTokenFile } from '../io/token-file.ts';
import { MAX_NOTICE_BYTES } from '../wire/chaos-notice-schema.ts';
import { createAccess } from './api/access.ts';
import type { DatacenterOptions } from './datacenter-options.ts';
import { createApiRoutes } from './datacenter-routes.ts';
import type { DatacenterState } from './datacenter-state.ts';
import { MAX_CLIENTS } from './live/admission.ts';
import { startLive } from './live/start-live.ts';
import { readPageFiles } from './page-files.ts';
import { NOT_BUILT, nothingThere } from './problem-page.ts';
import { readRunbooks } from './runbooks.ts';
import { serve } from './serve.ts';

/** Connections of the API besides those of the live socket. */
const API_CONNECTIONS = 128;
const OPEN_API =
  'whoever reaches the API can read all of it: give --api-token-file, or let something that asks for a password stand before it';

export interface ApiOptions extends DatacenterOptions {
  readonly state: DatacenterState;
  readonly lifecycle: Lifecycle;
  readonly isReady: () => boolean;
}

/**
 * Starts the API, the page and the live socket, on one port, which the lifecycle closes.
 * @returns the port
 * @throws Error when the port is taken or a file cannot be read
 */
export async function startApi(options: ApiOptions): Promise<number> {
  const { config, clock, log, version, state, lifecycle, isReady, chaosControl = null } = options;
  const allowedOrigins = config.allowOrigin;
  const { apiToken, controlToken } = await readTokens(config);
  const isOnLoopback = isLoopback(config.apiHost);
  if (apiToken === null && !isOnLoopback) log.warn({ host: config.apiHost }, OPEN_API);
  const about = {
    ...state,
    clock,
    version,
    isReady,
    chaosControl,
    apiToken,
    controlToken,
    allowedOrigins,
    isOnLoopback,
  };
  const files = { runbooks: await readRunbooks(), pageFiles: await readPageFiles() };
  if (files.pageFiles.size === 0) log.warn(NOT_BUILT);
  const routes = createApiRoutes({ ...about, ...files, maxEvents: config.maxEvents });
  const live = startLive({
    ...state,
    version,
    nowSeconds: () => clock.nowSeconds(),
    counts: state.socketCounts,
    access: createAccess(about),
  });
  lifecycle.defer('live socket', () => live.close());
  const port = await serve(options, {
    host: config.apiHost,
    port: config.apiPort,
    purpose: 'the API (--api-port)',
    maxBodyBytes: MAX_NOTICE_BYTES,
    maxConnections: API_CONNECTIONS + MAX_CLIENTS,
    onUpgrade: (request, socket, head) => live.upgrade(request, socket, head),
    routes,
    notFound: nothingThere,
  });
  // Once more, so that its clients hear of the end before the server that they came through cuts them.
  lifecycle.defer('clients of the live socket', () => live.close());
  return port;
}

async function readTokens({ apiTokenFile, controlTokenFile }: DatacenterOptions['config']) {
  const read = async (path: string | null) => (path === null ? null : readTokenFile(path));
  return { controlToken: await read(controlTokenFile), apiToken: await read(apiTokenFile) };
}
