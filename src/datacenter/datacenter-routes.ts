import { json, problem, text, type HttpResponse } from '../io/http-response.ts';
import type { HttpHandler, HttpRoutes } from '../io/http-router.ts';
import { createProbeRoutes } from '../io/probe-routes.ts';
import type { MetricsRegistry } from '../metrics/registry.ts';
import type { Aggregate } from './aggregate.ts';
import { createChaosRoutes, type ChaosRoutesOptions } from './chaos-routes.ts';
import type { EventRing } from './events.ts';
import { createHealthText } from './health-text.ts';
import { createRunbookRoutes } from './runbook-routes.ts';
import type { Runbooks } from './runbooks.ts';

const DEFAULT_EVENTS = 100;
const SHOWN_CHARACTERS = 20;

export interface DatacenterRoutesOptions {
  readonly metrics: MetricsRegistry<'datacenter'>;
  readonly isReady: () => boolean;
}

/** What the metrics port serves; the API port serves it too. */
export function createMetricsRoutes({ metrics, isReady }: DatacenterRoutesOptions): HttpRoutes {
  return createProbeRoutes({ metrics, isReady, notReady: 'The datacenter controller is not ready.' });
}

/** What the API port serves. */
export function createApiRoutes(
  options: DatacenterRoutesOptions &
    ChaosRoutesOptions & {
      readonly aggregate: Aggregate;
      readonly maxEvents: number;
      readonly runbooks: Runbooks;
    },
): HttpRoutes {
  const { aggregate, clock, maxEvents, runbooks } = options;
  const healthText = createHealthText(aggregate);
  return {
    ...createMetricsRoutes(options),
    ...createChaosRoutes(options),
    ...createRunbookRoutes(runbooks),
    'GET /api/v1/health': () => text(healthText(clock.nowSeconds()), 'application/json; charset=utf-8'),
    'GET /api/v1/events': eventsHandler(aggregate.events, maxEvents),
  };
}

function eventsHandler(events: EventRing, maxEvents: number): HttpHandler {
  return ({ query }): HttpResponse => {
    const given = query.get('limit');
    const limit = given === null ? Math.min(DEFAULT_EVENTS, maxEvents) : wholeNumber(given);
    if (limit < 1 || limit > maxEvents) {
      const shown = JSON.stringify(given?.slice(0, SHOWN_CHARACTERS));
      return problem(400, `limit is ${shown}: allowed is a whole number from 1 to ${maxEvents}.`);
    }
    return json({ events: events.newest(limit) });
  };
}

/** 0 for what is none. */
function wholeNumber(given: string): number {
  return /^\d{1,9}$/.test(given) ? Number(given) : 0;
}
