import { json, problem } from '../io/http-response.ts';
import type { HttpRoutes } from '../io/http-router.ts';
import { createProbeRoutes } from '../io/probe-routes.ts';
import type { MetricsRegistry } from '../metrics/registry.ts';
import type { Listening } from './listening.ts';

/** What a rack serves over HTTP. */
export function createRackRoutes(options: {
  listening: Listening;
  metrics: MetricsRegistry<'rack'>;
  isReady: () => boolean;
}): HttpRoutes {
  const { metrics, isReady } = options;
  const { servers, analyzer } = options.listening;
  return {
    ...createProbeRoutes({ metrics, isReady, notReady: 'The rack controller is shutting down.' }),
    'GET /streams/:server/spectrum': ({ params }) => {
      const id = params.server ?? '';
      if (!/^\d{1,5}$/.test(id)) return problem(400, `"${id}" is not a server id: allowed is a whole number.`);
      const held = servers.get(Number(id));
      if (!held) return problem(404, `Server ${id} is not heard by this rack.`);
      const spectrum = analyzer.spectrum(held.stream);
      if (!spectrum) return problem(503, `Server ${id} has not given enough samples for a spectrum yet.`);
      const { verdict } = held.judgement ?? { verdict: null };
      return json({ server_id: Number(id), name: held.stream.name, status: verdict?.status ?? null, ...spectrum });
    },
  };
}
