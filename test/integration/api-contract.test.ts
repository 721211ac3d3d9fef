import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { runDatacenter } from '../support/datacenter-client.ts';
import { CAPSULE, CONTROL_TOKEN, GONE_CAPSULE, runApiDatacenter, type Asked } from '../support/api-datacenter.ts';
import { answerCheck, operationsOf, type ApiDocument, type PlacedOperation } from '../support/api-document.ts';
import { endOf, injectionId, noticeOf } from '../support/chaos-notices.ts';
import type { LabMood } from '../support/api-datacenter.ts';

interface Case extends Asked {
  /** Of the operation. */
  readonly id: string;
  readonly path: string;
  readonly status: number;
  /** What the lab says to it. */
  readonly lab?: LabMood['refuses'];
  /** Part of the detail. */
  readonly says?: RegExp;
}

const now = Date.now() / 1000;
const notice = { ...noticeOf({ id: injectionId(1000), target: 'netns', began_at: now, until: now + 60 }) };
const request = { rack_ids: [0], server_ids: null, inject: { loss: '20%' }, duration: '60s' };
const control = { token: CONTROL_TOKEN };
const INJECTIONS = '/api/v1/chaos/injections';
const INCIDENTS = '/api/v1/incidents';
const refusing = (status: 400 | 404 | 502 | 503) => ({ kind: 'refused', status, detail: 'The lab says no.' }) as const;

/** In this order. Whoever adds an operation adds how it is asked, or the last tests fail. */
const CASES: readonly Case[] = [
  { id: 'getHealth', path: '/api/v1/health', status: 200 },
  { id: 'listRacks', path: '/api/v1/racks', status: 200 },
  { id: 'getRack', path: '/api/v1/racks/0', status: 200 },
  { id: 'getRack', path: '/api/v1/racks/1', status: 200 },
  { id: 'getRack', path: '/api/v1/racks/7', status: 404, says: /no rack 7\. There are racks 0, 1\.$/ },
  {
    id: 'getRack',
    path: '/api/v1/racks/x',
    status: 400,
    says: /^rack is "x": allowed is a whole number from 0 to 65535/,
  },
  { id: 'getServer', path: '/api/v1/racks/0/servers/1', status: 200 },
  { id: 'getServer', path: '/api/v1/racks/0/servers/9', status: 404, says: /no server 9 in rack 0/ },
  { id: 'getServer', path: '/api/v1/racks/7/servers/0', status: 404, says: /no rack 7/ },
  { id: 'getServer', path: '/api/v1/racks/0/servers/70000', status: 400, says: /^server is "70000": allowed/ },
  ...['getServerSpectrum', 'getServerWindow'].flatMap((id): Case[] => {
    const part = id === 'getServerWindow' ? 'window' : 'spectrum';
    return [
      { id, path: `/api/v1/racks/0/servers/0/${part}`, status: 200 },
      { id, path: `/api/v1/racks/0/servers/1/${part}`, status: 503, says: /has not given enough samples yet/ },
      { id, path: `/api/v1/racks/0/servers/9/${part}`, status: 404, says: /no server 9 in rack 0/ },
      { id, path: `/api/v1/racks/0/servers/x/${part}`, status: 400, says: /^server is "x": allowed/ },
    ];
  }),
  { id: 'announceChaosBegin', path: '/api/v1/chaos/begin', status: 200, body: notice, ...control },
  { id: 'announceChaosBegin', path: '/api/v1/chaos/begin', status: 400, body: {}, ...control },
  {
    id: 'announceChaosBegin',
    path: '/api/v1/chaos/begin',
    status: 415,
    body: notice,
    headers: { 'content-type': 'text/plain' },
    ...control,
  },
  { id: 'getChaos', path: '/api/v1/chaos', status: 200 },
  {
    id: 'announceChaosEnd',
    path: '/api/v1/chaos/end',
    status: 200,
    body: endOf({ id: notice.id, ended_at: now + 1 }),
    ...control,
  },
  { id: 'announceChaosEnd', path: '/api/v1/chaos/end', status: 400, body: '{', ...control },
  { id: 'injectChaos', path: INJECTIONS, status: 201, body: request, ...control },
  { id: 'injectChaos', path: INJECTIONS, status: 201, body: request, ...control },
  {
    id: 'injectChaos',
    path: INJECTIONS,
    status: 400,
    body: { ...request, rack_ids: [] },
    says: /rack_ids/,
    ...control,
  },
  { id: 'injectChaos', path: INJECTIONS, status: 404, body: request, lab: refusing(404), ...control },
  { id: 'injectChaos', path: INJECTIONS, status: 502, body: request, lab: refusing(502), ...control },
  { id: 'injectChaos', path: INJECTIONS, status: 503, body: request, lab: refusing(503), ...control },
  {
    id: 'injectChaos',
    path: INJECTIONS,
    status: 403,
    body: request,
    headers: { origin: 'http://elsewhere.example' },
    ...control,
  },
  {
    id: 'injectChaos',
    path: INJECTIONS,
    status: 415,
    body: request,
    headers: { 'content-type': 'text/plain' },
    ...control,
  },
  { id: 'clearInjection', path: `${INJECTIONS}/${injectionId(1)}`, status: 502, lab: refusing(502), ...control },
  { id: 'clearInjection', path: `${INJECTIONS}/${injectionId(1)}`, status: 200, ...control },
  { id: 'clearInjection', path: `${INJECTIONS}/${injectionId(1)}`, status: 404, ...control },
  {
    id: 'clearInjection',
    path: `${INJECTIONS}/everything`,
    status: 400,
    says: /^id is "everything": allowed/,
    ...control,
  },
  { id: 'clearChaos', path: INJECTIONS, status: 503, lab: refusing(503), ...control },
  { id: 'clearChaos', path: INJECTIONS, status: 200, ...control },
  { id: 'listEvents', path: '/api/v1/events', status: 200 },
  {
    id: 'listEvents',
    path: '/api/v1/events?scope=server,chaos&to=critical,begun&rack=0&server=1&limit=5',
    status: 200,
  },
  { id: 'listEvents', path: '/api/v1/events?scope=fault&fault=loss&to=begun&rack=0&server=1', status: 200 },
  { id: 'listEvents', path: '/api/v1/events?after=1&limit=2', status: 200 },
  { id: 'listEvents', path: '/api/v1/events?limit=1001', status: 400, says: /^limit is "1001": allowed/ },
  { id: 'listEvents', path: '/api/v1/events?limit=1&limit=2', status: 400, says: /^limit is \["1","2"\]: allowed/ },
  {
    id: 'listEvents',
    path: '/api/v1/events?scope=planet',
    status: 400,
    says: /^scope is "planet": allowed is one of/,
  },
  {
    id: 'listEvents',
    path: '/api/v1/events?to=critical,banana',
    status: 400,
    says: /^to is "banana": allowed is one of/,
  },
  {
    id: 'listEvents',
    path: '/api/v1/events?fault=gremlins',
    status: 400,
    says: /^fault is "gremlins": allowed is one of silent, loss, /,
  },
  { id: 'listIncidents', path: '/api/v1/incidents', status: 200 },
  { id: 'listIncidents', path: '/api/v1/incidents?rack=0&server=3&kind=loss,delay-shift&limit=2', status: 200 },
  {
    id: 'listIncidents',
    path: '/api/v1/incidents?rak=1',
    status: 400,
    says: /^rak is not known: allowed is rack, server/,
  },
  { id: 'listIncidents', path: '/api/v1/incidents?limit=0', status: 400, says: /^limit is "0": allowed/ },
  { id: 'listIncidents', path: '/api/v1/incidents?kind=gremlins', status: 400, says: /^kind is "gremlins": allowed/ },
  { id: 'getIncident', path: `${INCIDENTS}/0/${CAPSULE.incident_id}`, status: 200 },
  { id: 'getIncident', path: `${INCIDENTS}/0/${GONE_CAPSULE.incident_id}`, status: 404, says: /has no capsule/ },
  { id: 'getIncident', path: `${INCIDENTS}/0/never-listed`, status: 404, says: /has no capsule never-listed/ },
  { id: 'getIncident', path: `${INCIDENTS}/7/never-listed`, status: 404, says: /no rack 7/ },
  { id: 'getIncident', path: `${INCIDENTS}/0/..%2f..%2fetc`, status: 400, says: /^incident is/ },
  ...(
    [
      ['getIncident', `${INCIDENTS}/0/${CAPSULE.incident_id}`],
      ['getHealth', '/api/v1/health'],
      ['listRacks', '/api/v1/racks'],
      ['getRack', '/api/v1/racks/0'],
      ['getServer', '/api/v1/racks/0/servers/0'],
      ['getServerSpectrum', '/api/v1/racks/0/servers/0/spectrum'],
      ['getServerWindow', '/api/v1/racks/0/servers/0/window'],
      ['getChaos', '/api/v1/chaos'],
      ['announceChaosBegin', '/api/v1/chaos/begin'],
      ['announceChaosEnd', '/api/v1/chaos/end'],
      ['injectChaos', INJECTIONS],
      ['clearInjection', `${INJECTIONS}/${injectionId(1)}`],
      ['clearChaos', INJECTIONS],
    ] as const
  ).map(([id, path]): Case => ({
    id,
    path: `${path}?rak=1`,
    status: 400,
    ...(path.startsWith('/api/v1/chaos/') && { body: {} }),
    says: /^rak is not known: no parameters are allowed/,
    ...control,
  })),
  { id: 'listEvents', path: '/api/v1/events?rak=1', status: 400, says: /^rak is not known: allowed is limit, before/ },
  { id: 'listEvents', path: '/api/v1/events?before=2&after=1', status: 400, says: /not both/ },
];

/** Who brings these about cannot be asked for each operation; where they are, they are held to the document too. */
const NOT_EXERCISED = new Set([403, 409, 415, 429, 502, 503, 504]);

describe('the API keeps to its document', () => {
  let document: ApiDocument;
  let check: ReturnType<typeof answerCheck>;
  let running: Awaited<ReturnType<typeof runApiDatacenter>>;
  const asked = new Map<string, Set<number>>();
  const closing: (() => unknown)[] = [];

  before(async () => {
    running = await runApiDatacenter({ after: (close: () => unknown) => void closing.push(close) } as never);
    const response = await running.get('/api/v1/openapi.json');
    assert.equal(response.status, 200);
    document = (await response.json()) as ApiDocument;
    check = answerCheck(document);
  });
  after(async () => {
    for (const close of closing.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await close();
    }
  });

  async function exercise(operation: PlacedOperation, status: number, path: string, how: Asked): Promise<unknown> {
    const response = await running.ask(operation.method, path, how);
    const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
    const body: unknown =
      mediaType.endsWith('json') && !mediaType.endsWith('ndjson') ? await response.json() : await response.text();
    assert.equal(response.status, status, JSON.stringify(body));
    assert.deepEqual(check(operation, status, mediaType, body), []);
    asked.set(operation.operationId, (asked.get(operation.operationId) ?? new Set()).add(status));
    return body;
  }

  test('which is valid OpenAPI 3.1, and has a name for every schema of importance', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
    assert.ok(valid, JSON.stringify(errors));
    assert.match(document.openapi, /^3\.1\./);
    const named = [
      'Verdict',
      'Fault',
      'RackHealth',
      'RackFault',
      'Event',
      'FaultEvent',
      'Problem',
      'Server',
      'ChaosNotice',
    ];
    assert.deepEqual(
      named.filter((name) => !(name in document.components.schemas)),
      [],
    );
  });

  for (const { id, path, status, lab = null, says, ...how } of CASES) {
    test(`${id} ${path}: ${status}`, async () => {
      const operation = operationsOf(document).find(({ operationId }) => operationId === id);
      assert.ok(operation, `${id} is documented`);
      running.mood.refuses = lab;
      const body = await exercise(operation, status, path, how);
      running.mood.refuses = null;
      if (says) assert.match((body as { detail: string }).detail, says);
    });
  }

  test('without its token every operation is a 401, and it says which token', async () => {
    for (const operation of operationsOf(document)) {
      const path = operation.path.replaceAll(/\{\w+\}/g, '0');
      for (const token of [null, 'a-token-that-is-none-of-the-two-tokens']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const body = await exercise(operation, 401, path, { token });
        assert.match((body as { detail: string }).detail, /--(api|control)-token-file/);
      }
    }
    // The token of those who read controls nothing; that of those who control reads.
    assert.equal((await running.ask('DELETE', INJECTIONS)).status, 401);
    assert.equal((await running.ask('GET', '/api/v1/health', control)).status, 200);
  });

  test('every operation was asked, and gave every answer it is documented to give', () => {
    const missing = operationsOf(document).flatMap(({ operationId, responses }) =>
      Object.keys(responses)
        .map(Number)
        .filter((status) => !NOT_EXERCISED.has(status) && !asked.get(operationId)?.has(status))
        .map((status) => `${operationId} ${status}`),
    );
    assert.deepEqual(missing, []);
  });
});

test('without tokens everybody reads, nobody controls, and the document says so', async (context) => {
  const { get } = await runDatacenter(context);
  const document = (await (await get('/api/v1/openapi.json')).json()) as ApiDocument;
  const readers = operationsOf(document).filter(({ method }) => method === 'GET');
  assert.ok(readers.length > 4);
  for (const { security, responses } of readers) {
    assert.deepEqual(security, []);
    assert.ok(!('401' in responses));
  }
  assert.equal((await get('/api/v1/health')).status, 200);
});
