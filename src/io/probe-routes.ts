import { problem, text } from './http-response.ts';
import type { HttpRoutes } from './http-router.ts';

export interface ProbeRoutesOptions {
  readonly metrics: {
    /** The `Content-Type` of `text()`. */
    readonly contentType: string;
    text(): Promise<string>;
  };
  readonly isReady: () => boolean;
  /** A sentence for the client while it is not. */
  readonly notReady: string;
}

/** What every role answers to those that watch it: `/healthz`, `/readyz` and `/metrics`. */
export function createProbeRoutes({ metrics, isReady, notReady }: ProbeRoutesOptions): HttpRoutes {
  return {
    'GET /healthz': () => text('ok\n'),
    'GET /readyz': () => (isReady() ? text('ready\n') : problem(503, notReady)),
    'GET /metrics': async () => text(await metrics.text(), metrics.contentType),
  };
}
