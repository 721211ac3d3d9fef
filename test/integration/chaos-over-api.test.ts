import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChaosStatus } from '../../src/wire/api/chaos-control.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { TOKEN, type Sent } from '../support/chaos-datacenter.ts';
import { LOSS, openChaosOverApi } from '../support/chaos-over-api.ts';
import { injectionId, noticeOf } from '../support/chaos-notices.ts';
import { NOW_SECONDS } from '../support/health-trees.ts';
import { waitUntil } from '../support/wait-until.ts';

type Opened = Awaited<ReturnType<typeof openChaosOverApi>>;

const statusOf = async ({ router }: Opened): Promise<ChaosStatus> =>
  JSON.parse(String((await router('GET', '/api/v1/chaos')).body)) as ChaosStatus;

const endingsOf = async (api: Opened): Promise<string[]> =>
  (await api.events()).flatMap((event) => {
    if (event.scope !== 'chaos') return [];
    return event.chaos.reason === null ? event.to : `${event.to}, ${event.chaos.reason}`;
  });

describe('what is injected over the API', () => {
  test('is in force and in the journal at once, and is gone when it is cleared', async (context) => {
    const api = await openChaosOverApi(context);
    assert.deepEqual(await statusOf(api), { injections: [], control: { available: true, reason: null } });
    const { status, said } = await api.inject(LOSS);
    assert.equal(status, 201);
    const notice = said as unknown as ChaosNotice;
    assert.deepEqual(notice, {
      ...noticeOf({ id: notice.id, kinds: ['loss'], description: 'loss 20 %' }),
      began_at: NOW_SECONDS,
      until: NOW_SECONDS + 60,
    });
    assert.deepEqual([...api.target.held.keys()], ['0/0', '0/1', '0/2']);
    assert.deepEqual((await statusOf(api)).injections, [notice]);
    assert.deepEqual(await api.clear(notice.id), {
      status: 200,
      said: { cleared_ids: [notice.id] },
      headers: undefined,
    });
    assert.equal(api.target.held.size, 0);
    assert.deepEqual(await api.active(), []);
    assert.deepEqual(await endingsOf(api), ['begun', 'ended, cleared']);
  });

  test('ends by itself in the journal', async (context) => {
    const api = await openChaosOverApi(context);
    await api.inject({ ...LOSS, pulse: { every: '5s', for: '300ms' } });
    const [shown] = await api.active();
    assert.equal(shown?.description, 'loss 20 % for 0.3 s every 5 s');
    api.setTime(NOW_SECONDS + 60);
    assert.deepEqual(await api.active(), []);
    assert.deepEqual(await endingsOf(api), ['begun', 'ended, expired']);
  });

  test('takes the place of what was there, which is shown only where it still is', async (context) => {
    const api = await openChaosOverApi(context);
    await api.inject({ ...LOSS, rack_ids: [0, 1] });
    await api.inject({ ...LOSS, inject: { delay: '200ms', jitter: '20ms' } });
    assert.deepEqual(
      (await api.active()).map(({ scope, description }) => `${scope}: ${description}`),
      ['rack 1: loss 20 %', 'rack 0: delay 200 ms ± 20 ms'],
    );
    assert.equal(((await api.clear(null)).said as unknown as { cleared_ids: string[] }).cleared_ids.length, 2);
    assert.deepEqual(await api.active(), []);
  });

  test('is found to be gone with its agent while somebody looks', async (context) => {
    const api = await openChaosOverApi(context);
    await api.inject(LOSS);
    api.target.held.clear();
    await waitUntil('it is not shown any more', async () => (await api.active()).length === 0);
  });

  test('is on all of its servers or on none, and the answer says why', async (context) => {
    const api = await openChaosOverApi(context);
    api.target.applyProblems.set('0/1', 'agent-0 does not run');
    const { status, said } = await api.inject(LOSS);
    assert.equal(status, 502);
    assert.equal(said.detail, 'Nothing was injected: rack 0 server 1 (place 0/1): agent-0 does not run.');
    assert.deepEqual([api.target.held.size, await api.active()], [0, []]);
    api.target.clearProblems.set('0/2', 'agent-0 does not answer');
    const failed = await api.inject(LOSS);
    assert.match(
      failed.said.detail ?? '',
      /NOT UNDONE, the network may still be broken: rack 0 server 2 \(place 0\/2\)/,
    );
  });

  test('is still shown when it could not be cleared, and the answer says what may still be broken', async (context) => {
    const api = await openChaosOverApi(context);
    await api.inject(LOSS);
    api.target.clearProblems.set('0/2', 'agent-0 does not answer within 5 s');
    const { status, said } = await api.clear(null);
    assert.equal(status, 502);
    assert.equal(
      said.detail,
      'NOT UNDONE, the network may still be broken: rack 0 server 2 (place 0/2): agent-0 does not answer within 5 s.',
    );
    assert.equal((await api.active()).length, 1);
  });

  test('is bounded in number, and what there is no room for breaks nothing', async (context) => {
    const api = await openChaosOverApi(context);
    for (let number = 1; number <= 64; number++) {
      api.chaos.begin(noticeOf({ id: injectionId(number), target: 'docker', until: null }));
    }
    const { status, said } = await api.inject(LOSS);
    assert.equal(status, 429);
    assert.match(said.detail ?? '', /^64 injections are active, which is the most: clear one/);
    assert.deepEqual(api.target.calls, []);
    const other = await api.clear(injectionId(7));
    assert.equal(other.status, 409);
    assert.match(other.said.detail ?? '', /is of target docker, which this API does not reach/);
    assert.equal((await api.clear(injectionId(65))).status, 404);
  });
});

describe('what is refused', () => {
  const BODIES: readonly [body: unknown, status: number, detail: RegExp][] = [
    [{}, 400, /^rack_ids is missing: allowed is a list of 1 to 64 rack ids/],
    [{ ...LOSS, rack_ids: [] }, 400, /^rack_ids is \[\]: allowed is a list of 1 to 64 rack ids/],
    [{ ...LOSS, rack_ids: ['0'] }, 400, /^rack_ids\.0 is "0": allowed is a rack id from 0 to 65535\.$/],
    [
      { ...LOSS, rack_ids: [2] },
      404,
      /^There is no rack 2: there are rack 0 with servers 0-2, rack 1 with servers 0-2\.$/,
    ],
    [{ ...LOSS, server_ids: [1, 9] }, 404, /^There is no server 9 in rack 0: there are /],
    [{ ...LOSS, server_ids: undefined }, 400, /^server_ids is missing: allowed is null for all servers of the racks/],
    [{ ...LOSS, rack: 1 }, 400, /^rack is not known: allowed is an object of rack_ids, server_ids, inject, pulse and/],
    [[], 400, /^the body is a list: allowed is an object/],
    [{ ...LOSS, inject: {} }, 400, /^inject is \{\}: allowed is faults as in a scenario, like \{"loss": "20%"\}/],
    [{ ...LOSS, inject: [] }, 400, /^inject is \[\]: allowed is faults as in a scenario/],
    [
      { ...LOSS, inject: { delay: '0ms' } },
      400,
      /^inject\.delay is "0ms": allowed is at least one of delay .*loss_model/,
    ],
    [{ ...LOSS, pulse: [] }, 400, /^pulse is a list: allowed is an object/],
    [{ ...LOSS, inject: { loss: '120%' } }, 400, /^inject\.loss is "120%": allowed is per cent above 0 .* at most 100/],
    [{ ...LOSS, inject: { los: 20 } }, 400, /^inject\.los: unknown key, nearest: loss\.$/],
    [{ ...LOSS, inject: { delay: 200 } }, 400, /^inject\.delay is 200: allowed is a time with its unit up to 60s/],
    [{ ...LOSS, inject: { loss: true } }, 400, /^inject\.loss is true: allowed is a value as its flag takes it/],
    [{ ...LOSS, inject: { loss: 20, gap: 2 } }, 400, /^inject\.gap is 2: allowed is only with reorder/],
    [{ ...LOSS, pulse: { every: '1s', for: '2s' } }, 400, /^pulse\.for is "2s": allowed is less than its "every"\.$/],
    [{ ...LOSS, pulse: { every: '2m', for: '2s' } }, 400, /^duration is "60s": allowed is at least the "every" of its/],
    [{ ...LOSS, duration: '2h' }, 400, /^duration is "2h": allowed is a duration from 100ms to 1h, as 30s or 5m\.$/],
    [{ ...LOSS, duration: undefined }, 400, /^duration is missing: allowed is how long, at most an hour, like "60s"/],
    [{ ...LOSS, duration: 60 }, 400, /^duration is 60: allowed is how long, at most an hour/],
  ];
  for (const [body, status, detail] of BODIES) {
    test(`a body: ${detail.source.slice(1, 50)}`, async (context) => {
      const api = await openChaosOverApi(context);
      const answer = await api.inject(body);
      assert.match(answer.said.detail ?? '', detail);
      assert.equal(answer.status, status);
      assert.deepEqual([api.target.calls, await api.active()], [[], []]);
    });
  }

  const ASKERS: readonly [what: string, sent: Sent, status: number, detail: RegExp][] = [
    ['no token', { authorization: null }, 401, /^No token was shown: send "Authorization: Bearer TOKEN"/],
    [
      'another token',
      { authorization: `Bearer ${TOKEN}x` },
      401,
      /^The token is not the one of --control-token-file\.$/,
    ],
    ['a page of another site', { origin: 'http://evil.example', host: 'dc:8080' }, 403, /^A page of another origin/],
  ];
  for (const [what, sent, status, detail] of ASKERS) {
    test(what, async (context) => {
      const api = await openChaosOverApi(context);
      for (const answer of [
        await api.inject(LOSS, sent),
        await api.clear(null, sent),
        await api.clear('0'.repeat(12), sent),
      ]) {
        assert.equal(answer.status, status);
        assert.match(answer.said.detail ?? '', detail);
      }
      assert.deepEqual(api.target.calls, []);
    });
  }

  test('what is not said to be JSON, or is none, and an id that is none', async (context) => {
    const api = await openChaosOverApi(context);
    assert.equal((await api.inject(LOSS, { mediaType: 'text/plain' })).status, 415);
    assert.equal((await api.inject(null, { body: '{' })).said.detail, 'The body is not JSON.');
    const { status, said } = await api.clear('lab');
    assert.deepEqual([status, said.detail], [400, 'id is "lab": allowed is 12 hex digits in lower case.']);
  });

  test('not the datacenter’s own page, nor one that is allowed by name', async (context) => {
    const api = await openChaosOverApi(context);
    assert.equal((await api.inject(LOSS, { origin: 'http://dc:8080', host: 'dc:8080' })).status, 201);
    assert.equal((await api.inject(LOSS, { origin: 'http://desk.example', host: 'dc:8080' })).status, 201);
  });
});

describe('where the lab cannot be broken', () => {
  const LABS = [
    [
      'in network namespaces',
      { isolation: 'netns' },
      /are in network namespaces, which only root may break: use "netwatch chaos"/,
    ],
    [
      'not running yet',
      { isWritten: false },
      /^The lab has not said how it is controlled: it is still starting, or has ended\.$/,
    ],
  ] as const;
  for (const [what, options, reason] of LABS) {
    test(what, async (context) => {
      const api = await openChaosOverApi(context, options);
      const { control } = await statusOf(api);
      assert.equal(control.available, false);
      assert.match(control.reason ?? '', reason);
      for (const answer of [await api.inject(LOSS), await api.clear(null)]) {
        assert.equal(answer.status, 503);
        assert.match(answer.said.detail ?? '', reason);
      }
    });
  }
});
