import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openChaos, TOKEN, type Sent } from '../support/chaos-datacenter.ts';
import { endOf, noticeOf } from '../support/chaos-notices.ts';

describe('who may announce', () => {
  const DETAILS = {
    none: /^This datacenter takes no announcements of chaos\. Start it with --control-token-file/,
    nothing: /^No token was shown: send "Authorization: Bearer TOKEN"/,
    wrong: /^The token is not the one of --control-token-file\.$/,
    form: /"Content-Type: application\/json"/,
  };
  const cases: readonly {
    what: string;
    sent: Sent;
    controlToken?: null;
    status: number;
    detail: RegExp;
    reason: string;
  }[] = [
    { what: 'nobody', sent: {}, controlToken: null, status: 403, detail: DETAILS.none, reason: 'no-control' },
    { what: 'no token', sent: { authorization: null }, status: 401, detail: DETAILS.nothing, reason: 'bad-token' },
    {
      what: 'a token like it',
      sent: { authorization: `Bearer ${TOKEN}x` },
      status: 401,
      detail: DETAILS.wrong,
      reason: 'bad-token',
    },
    {
      what: 'another scheme',
      sent: { authorization: `Basic ${TOKEN}` },
      status: 401,
      detail: DETAILS.wrong,
      reason: 'bad-token',
    },
    {
      what: 'what a form of another site sends',
      sent: { mediaType: 'text/plain' },
      status: 415,
      detail: DETAILS.form,
      reason: 'bad-media-type',
    },
    { what: 'no media type', sent: { mediaType: null }, status: 415, detail: DETAILS.form, reason: 'bad-media-type' },
    { what: 'no JSON', sent: { body: '{"id":' }, status: 400, detail: /^The body is not JSON\.$/, reason: 'bad-json' },
    { what: 'no notice', sent: { body: '{}' }, status: 400, detail: /^id is missing: allowed/, reason: 'bad-notice' },
  ];
  for (const { what, sent, controlToken, status, detail, reason } of cases) {
    test(`not: ${what}`, async () => {
      const datacenter = openChaos(controlToken === undefined ? {} : { controlToken });
      for (const path of ['/api/v1/chaos/begin', '/api/v1/chaos/end']) {
        const body = JSON.stringify(path.endsWith('begin') ? noticeOf() : endOf());
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await datacenter.post(path, { body, ...sent });
        assert.equal(answer.status, status);
        assert.match(answer.said.detail ?? '', detail);
        if (status === 401) assert.deepEqual(answer.headers, { 'www-authenticate': 'Bearer' });
      }
      assert.deepEqual(await datacenter.active(), []);
      assert.equal(datacenter.aggregate.events.total, 0);
      const rejected = (await datacenter.exposition()).value('netwatch_chaos_notices_rejected_total', { reason });
      assert.equal(rejected, 2);
    });
  }

  test('not by a preflight of another site, and not on the metrics port', async () => {
    const { post, router, ofMetricsPort } = openChaos();
    assert.equal((await router('OPTIONS', '/api/v1/chaos/begin')).status, 405);
    const body = JSON.stringify(noticeOf());
    assert.equal((await post('/api/v1/chaos/begin', { body }, ofMetricsPort)).status, 404);
    assert.equal((await ofMetricsPort('GET', '/api/v1/chaos')).status, 404);
  });
});
