import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RackHealth } from '../../src/core/verdict.ts';
import { framePaceSeconds, isSlow } from '../../src/web/server/frame-pace.ts';
import { lastHeardFrame } from '../../src/web/server/shown-frame.ts';
import { viewNotices, type NoticeOptions } from '../../src/web/server/view-notice.ts';
import { FrameRing } from '../../src/web/store/frame-ring.ts';
import { emptyFeed } from '../../src/web/store/server-feed.ts';
import { frameOf, spectrumOf } from '../support/web-frames.ts';
import { VERDICT } from '../support/web-verdict.ts';

const RACK: RackHealth = {
  rack_id: 2,
  health_score: 1,
  status: 'healthy',
  last_report: 1000,
  faults: [],
  servers: [VERDICT],
};
const LIVE = { kind: 'live', droppedMessages: 0, droppedAtSeconds: null } as const;

const STALLED = spectrumOf({ toneHz: 1, network: (elapsed) => (elapsed % 5 < 0.5 ? 0.5 : 0) });

test('before anything is known the page says that it asks; a server nobody knows is said to be unknown', () => {
  assert.equal(kinds({ feed: null }), 'waiting');
  assert.equal(kinds({ feed: emptyFeed(2, 5) }), 'waiting');
  const known = { ...emptyFeed(2, 5), isKnown: true };
  assert.match(viewNotices(optionsOf({ feed: known }))[0]?.text ?? '', /knows no server 5 in rack 2/);
  assert.match(viewNotices(optionsOf({ feed: known, rack: null }))[0]?.text ?? '', /knows no rack 2/);
});

test('of a rack that is silent or gone the page says that it shows the past', () => {
  const feed = { ...emptyFeed(2, 5), isKnown: true, verdict: VERDICT };
  assert.equal(kinds({ feed }), '');
  assert.equal(kinds({ feed, rack: { ...RACK, status: 'silent' } }), 'past');
  assert.equal(kinds({ feed, rack: null }), 'past');
  assert.equal(kinds({ feed, rack: undefined }), '');
});

test('of a silent server the page shows what was last heard, and says when, or that nothing was', () => {
  const verdict = { ...VERDICT, status: 'silent' } as const;
  const feed = { ...emptyFeed(2, 5), isKnown: true, verdict };
  const empty = { ...STALLED, power_db: STALLED.power_db.map(() => -150) };
  feed.frames.push(frameOf(1, empty));
  assert.equal(lastHeardFrame(feed.frames), null);
  assert.match(viewNotices(optionsOf({ feed }))[0]?.text ?? '', /Nothing was heard of it since this page/);
  for (const [at, spectrum] of [
    [2, STALLED],
    [3, empty],
    [4, null],
  ] as const)
    feed.frames.push(frameOf(at, spectrum));
  assert.equal(lastHeardFrame(feed.frames)?.timestamp, 2);
  assert.match(viewNotices(optionsOf({ feed }))[0]?.text ?? '', /those of \d\d:\d\d:02, when it was last heard/);
});

test('frames that come slower than wanted are said to be left out, and whose fault it is', () => {
  const feed = { ...emptyFeed(2, 5), isKnown: true, verdict: VERDICT };
  for (let at = 0; at < 10; at++) feed.frames.push(frameOf(at * 1.4, STALLED));
  assert.ok(Math.abs((framePaceSeconds(feed.frames) ?? 0) - 1.4) < 1e-9);
  assert.match(viewNotices(optionsOf({ feed }))[0]?.text ?? '', /every 1.40.s\. The rack or its link/);
  const connection = { ...LIVE, droppedMessages: 7 };
  assert.match(viewNotices(optionsOf({ feed, connection }))[0]?.text ?? '', /left out 7 messages/);
  assert.equal(isSlow(0.5), false);
  assert.equal(framePaceSeconds(new FrameRing()), null);
});

test('after a pause, as when the rack was down, nothing is said of slow frames', () => {
  const ring = new FrameRing();
  const paceAt = (at: number): number | null => {
    ring.push(frameOf(at, STALLED));
    return framePaceSeconds(ring);
  };
  for (let at = 0; at < 10; at += 0.5) paceAt(at);
  for (let at = 20; at < 23.5; at += 0.5) assert.equal(paceAt(at), null);
  assert.equal(paceAt(23.5), 0.5);
});

function optionsOf(changed: Partial<NoticeOptions>): NoticeOptions {
  return { rackId: 2, serverId: 5, feed: null, rack: RACK, connection: LIVE, ...changed };
}

function kinds(changed: Partial<NoticeOptions>): string {
  return viewNotices(optionsOf(changed))
    .map(({ kind }) => kind)
    .join(' ');
}
