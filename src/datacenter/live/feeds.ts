import type { RackHistory } from '../../wire/api/history.ts';
import type { Aggregate } from '../aggregate.ts';
import { encodeMessage, type Feed } from './feed.ts';
import { HealthChanges } from './health-changes.ts';
import type { ParsedTopic } from './topics.ts';
import { openServerFeed } from './server-feed.ts';
import type { Watches } from './watches.ts';

/** At most four messages a second, however many racks report. */
const HEALTH_INTERVAL_SECONDS = 0.25;
/** As many as the page keeps. */
const MAX_EVENTS = 1000;

export interface FeedOptions {
  readonly aggregate: Aggregate;
  readonly watches: Watches;
}

/** Opens what a topic has to say. `push` is for what does not wait: frames. */
export function openFeed(topic: ParsedTopic, options: FeedOptions, push: (bytes: Buffer) => void): Feed {
  if (topic.kind === 'health') return healthFeed(options);
  if (topic.kind === 'events') return eventsFeed(options);
  return openServerFeed(topic, options, push);
}

function healthFeed({ aggregate }: FeedOptions): Feed {
  const changes = new HealthChanges(aggregate);
  let changedSeconds = -Infinity;
  /** The snapshot that all take who begin between two changes. */
  let snapshot: Buffer | null = null;
  return {
    snapshot(nowSeconds) {
      if (snapshot !== null) return snapshot;
      const history: Record<string, RackHistory> = {};
      for (const { rackId } of aggregate.racks) history[rackId] = aggregate.history.rack(rackId);
      const data = { ...aggregate.health(nowSeconds), history };
      snapshot = encodeMessage({ type: 'snapshot', topic: 'health', data });
      return snapshot;
    },
    change(nowSeconds) {
      if (nowSeconds - changedSeconds < HEALTH_INTERVAL_SECONDS) return null;
      const data = changes.next(nowSeconds);
      if (data === null) return null;
      changedSeconds = nowSeconds;
      snapshot = null;
      return encodeMessage({ type: 'change', topic: 'health', data });
    },
    notice: () => null,
    close: () => undefined,
  };
}

function eventsFeed({ aggregate }: FeedOptions): Feed {
  const { events } = aggregate;
  let sent = events.total;
  /** The snapshot that all take who begin between two events: however many clients wait to read it, it is held once. */
  let snapshot: { readonly total: number; readonly bytes: Buffer } | null = null;
  return {
    snapshot() {
      const { total } = events;
      if (snapshot?.total !== total) {
        const data = { events: events.newest(MAX_EVENTS) };
        snapshot = { total, bytes: encodeMessage({ type: 'snapshot', topic: 'events', data }) };
      }
      return snapshot.bytes;
    },
    change() {
      const count = events.total - sent;
      if (count === 0) return null;
      sent = events.total;
      const data = { events: events.newest(Math.min(count, MAX_EVENTS)) };
      // So many at once begin the list anew: a change would leave a gap in it that nobody sees.
      return encodeMessage({ type: count > MAX_EVENTS ? 'snapshot' : 'change', topic: 'events', data });
    },
    notice: () => null,
    close: () => undefined,
  };
}
