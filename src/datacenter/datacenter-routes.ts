import type { HttpRoutes } from '../io/http-router.ts';
import { createProbeRoutes } from '../io/probe-routes.ts';
import type { MetricsRegistry } from '../metrics/registry.ts';
import { createAccess, type AccessOptions } from './api/access.ts';
import { chaosAnnouncements } from './api/chaos-announcements.ts';
import { createDocumentRoute } from './api/document-route.ts';
import { createOperationRoutes } from './api/operation-routes.ts';
import { createOperations } from './api/operations.ts';
import type { Aggregate } from './aggregate.ts';
import type { ChaosControl } from './chaos-control.ts';
import { createChaosRoutes, type ChaosRoutesOptions } from './chaos-routes.ts';
import { SOCKET_PATH, upgradeRequired } from './live/admission.ts';
import type { Incidents } from './incidents.ts';
import type { Watches } from './live/watches.ts';
import type { PageFiles } from './page-files.ts';
import { createPageRoutes } from './page-routes.ts';
import { createRunbookRoutes } from './runbook-routes.ts';
import type { Runbooks } from './runbooks.ts';

export interface DatacenterRoutesOptions {
  readonly metrics: MetricsRegistry<'datacenter'>;
  readonly isReady: () => boolean;
}

export interface ApiRoutesOptions extends DatacenterRoutesOptions, ChaosRoutesOptions, AccessOptions {
  readonly version: string;
  readonly aggregate: Aggregate;
  readonly watches: Watches;
  readonly incidents: Incidents;
  readonly maxEvents: number;
  readonly runbooks: Runbooks;
  readonly pageFiles: PageFiles;
  /** How the lab of its servers is broken; null: the datacenter was not told. */
  readonly chaosControl: ChaosControl | null;
}

/** What the metrics port serves; the API port serves it too. */
export function createMetricsRoutes({ metrics, isReady }: DatacenterRoutesOptions): HttpRoutes {
  return createProbeRoutes({ metrics, isReady, notReady: 'The datacenter controller is not ready.' });
}

/** What the API port serves. */
export function createApiRoutes(options: ApiRoutesOptions): HttpRoutes {
  const { version, chaosControl: control, controlToken, apiToken } = options;
  const operations = createOperations({ ...options, control, hasControlToken: controlToken !== null });
  const documented = [...operations, ...chaosAnnouncements];
  return {
    ...createPageRoutes(options.pageFiles),
    ...createMetricsRoutes(options),
    ...createRunbookRoutes(options.runbooks),
    [`GET ${SOCKET_PATH}`]: upgradeRequired,
    ...createChaosRoutes(options),
    ...createOperationRoutes(operations, createAccess(options)),
    ...createDocumentRoute({ version, operations: documented, needsApiToken: apiToken !== null }),
  };
}
