import type { ServerChange } from '../../wire/api/socket.ts';
import { noRackText, noServerText } from '../absence-text.ts';
import { encodeMessage, type Feed } from './feed.ts';
import type { FeedOptions } from './feeds.ts';
import type { ParsedTopic } from './topics.ts';

const WAITS = 'It is shown here by itself once its rack reports it.';

/**
 * What is said of one server: its verdicts, and frames while its rack reports it. Of a server that no rack reports there
 * is nothing but its past, until one does: then it begins anew with a snapshot.
 */
export function openServerFeed(
  { rackId, serverId }: Extract<ParsedTopic, { kind: 'server' }>,
  { aggregate, watches }: FeedOptions,
  push: (bytes: Buffer) => void,
): Feed {
  const topic = `server:${rackId}/${serverId}` as const;
  const healthOf = () => aggregate.rack(rackId)?.health ?? null;
  const verdictOf = () => healthOf()?.servers.find(({ server_id: id }) => id === serverId) ?? null;
  const encodeChange = (data: ServerChange) => encodeMessage({ type: 'change', topic, data });
  const watch = () => watches.watch(rackId, serverId, (frame) => push(encodeChange({ frame })));
  const snapshot = () => {
    const data = { verdict: verdictOf(), history: aggregate.history.server(rackId, serverId) };
    return encodeMessage({ type: 'snapshot', topic, data });
  };
  let health = healthOf();
  /** Null while there is no such server: its rack would send frames of nothing, and others would get none. */
  let handle = verdictOf() === null ? null : watch();
  const leave = () => {
    handle?.release();
    handle = null;
  };
  return {
    snapshot,
    change() {
      if (healthOf() === health) return null;
      health = healthOf();
      const verdict = verdictOf();
      if (verdict === null) {
        leave();
        return null;
      }
      if (handle === null) {
        handle = watch();
        return snapshot();
      }
      const timestamp = health?.last_report ?? null;
      return encodeChange({ verdict, ...(timestamp !== null && { timestamp }) });
    },
    notice() {
      const present = healthOf();
      if (present === null) return `${noRackText(aggregate, rackId)} ${WAITS}`;
      if (verdictOf() === null) return `${noServerText(present, serverId)} ${WAITS}`;
      if (watches.hasRoom(rackId, serverId)) return null;
      return `So many servers of rack ${rackId} are watched that there are no frames of this one until another is left.`;
    },
    close: leave,
  };
}
