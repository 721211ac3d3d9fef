import type { ChaosControl } from '../../src/datacenter/chaos-control.ts';
import { ChaosJournal } from '../../src/datacenter/chaos-journal.ts';
import { ChaosRejections } from '../../src/datacenter/chaos-rejections.ts';
import { ConnectionCounts } from '../../src/datacenter/connection-counts.ts';
import { createDatacenterMetrics } from '../../src/datacenter/datacenter-metrics.ts';
import { createApiRoutes, createMetricsRoutes } from '../../src/datacenter/datacenter-routes.ts';
import { RackLines } from '../../src/datacenter/live/rack-lines.ts';
import { SocketCounts } from '../../src/datacenter/live/socket-counts.ts';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { createRouter } from '../../src/io/http-router.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { aggregateOf } from './datacenter-reports.ts';
import { parseExposition } from './exposition.ts';
import { NOW_SECONDS } from './health-trees.ts';

export const TOKEN = 'a-token-of-more-than-32-characters';

/** What comes with a request; by default the right token and JSON. */
export interface Sent {
  readonly authorization?: string | null;
  readonly mediaType?: string | null;
  readonly origin?: string | null;
  readonly host?: string | null;
  readonly body?: string;
}

/** A datacenter without sockets, on a clock that stands until it is set. */
export function openChaos({
  controlToken = TOKEN,
  chaosControl = null,
}: { readonly controlToken?: string | null; readonly chaosControl?: ChaosControl | null } = {}) {
  const maxEvents = 1000;
  const aggregate = aggregateOf({ numRacks: 1, maxEvents });
  const chaos = new ChaosJournal(aggregate.events);
  const chaosRejections = new ChaosRejections();
  const parts = { aggregate, chaos, chaosRejections, socketCounts: new SocketCounts() };
  const metrics = createDatacenterMetrics({ version: '1.2.3', connections: new ConnectionCounts(), ...parts });
  const time = { seconds: NOW_SECONDS };
  const anchor = { wallSeconds: NOW_SECONDS, monotonicSeconds: 0 };
  const clock = { anchor, nowSeconds: () => time.seconds };
  const { watches, incidents } = new RackLines({ aggregate, nowSeconds: () => time.seconds });
  const runbooks = { index: null, pages: new Map() };
  const access = {
    version: '1.2.3',
    watches,
    incidents,
    pageFiles: new Map(),
    controlToken,
    apiToken: null,
    allowedOrigins: ['http://desk.example'],
    isOnLoopback: false,
  };
  const options = { ...parts, ...access, clock, metrics, maxEvents, runbooks, chaosControl, isReady: () => true };
  const router = createRouter(createApiRoutes(options));
  const ofMetricsPort = createRouter(createMetricsRoutes(options));
  const ask = async (method: string, path: string, sent: Sent = {}, from = router) => {
    const { authorization = `Bearer ${TOKEN}`, mediaType = 'application/json', body = '' } = sent;
    const { origin = null, host = null } = sent;
    const content = { authorization, mediaType, origin, host, body: Buffer.from(body) };
    const answer = await from(method, path, content);
    const said = JSON.parse(String(answer.body)) as { detail?: string };
    return { status: answer.status, said, headers: answer.headers };
  };
  const post = (path: string, sent: Sent = {}, from = router) => ask('POST', path, sent, from);
  const get = async (path: string): Promise<unknown> => JSON.parse(String((await router('GET', path)).body));
  return {
    aggregate,
    chaos,
    time,
    router,
    ofMetricsPort,
    ask,
    post,
    begin: (notice: unknown, sent: Sent = {}) => post('/api/v1/chaos/begin', { body: JSON.stringify(notice), ...sent }),
    end: (end: unknown) => post('/api/v1/chaos/end', { body: JSON.stringify(end) }),
    active: async () => ((await get('/api/v1/chaos')) as { injections: ChaosNotice[] }).injections,
    events: async () => ((await get('/api/v1/events')) as { events: DatacenterEvent[] }).events.toReversed(),
    exposition: async () => parseExposition(await metrics.text()),
  };
}
