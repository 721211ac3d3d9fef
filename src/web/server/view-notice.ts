import type { RackHealth } from '../../core/verdict.ts';
import type { ConnectionState } from '../store/connection-state.ts';
import type { ServerFeed } from '../store/server-feed.ts';
import { framePaceSeconds, isSlow } from './frame-pace.ts';
import { lastHeardFrame } from './shown-frame.ts';
import { spanWords, timeWords } from '../words/number-words.ts';

/** What a person must know before reading the rest. */
export interface ViewNotice {
  /** `waiting`: nothing can be shown yet. `unknown`: nothing ever will, here. `past`: what is shown was so. */
  readonly kind: 'waiting' | 'unknown' | 'past' | 'slow';
  readonly text: string;
}

export interface NoticeOptions {
  readonly rackId: number;
  readonly serverId: number;
  /** Null before anything was asked. */
  readonly feed: ServerFeed | null;
  /** Of this server; null when the tree has none. Undefined while no tree is known. */
  readonly rack: RackHealth | null | undefined;
  readonly connection: ConnectionState;
}

/** All that must be said first, the most important first. */
export function viewNotices(options: NoticeOptions): readonly ViewNotice[] {
  const { rackId, serverId, feed, rack, connection } = options;
  if (feed === null || (!feed.isKnown && feed.problem === null)) {
    return [{ kind: 'waiting', text: `Asking the controller for server ${serverId} of rack ${rackId} …` }];
  }
  if (feed.verdict === null) return [absence(options)];
  const notices: ViewNotice[] = [];
  if (rack?.status === 'silent') {
    const when = rack.last_report === null ? '' : ` since ${timeWords(rack.last_report)}`;
    notices.push({ kind: 'past', text: `Rack ${rackId} has not reported${when}. What is shown was known then.` });
  } else if (rack === null) {
    notices.push({
      kind: 'past',
      text: `The controller no longer knows rack ${rackId}. What is shown was known before.`,
    });
  }
  if (feed.problem !== null) notices.push({ kind: 'past', text: feed.problem });
  if (feed.verdict.status === 'silent') notices.push(silence(feed));
  const pace = framePaceSeconds(feed.frames);
  const dropped = connection.kind === 'live' ? connection.droppedMessages : 0;
  if (isSlow(pace)) {
    notices.push({
      kind: 'slow',
      text: `Frames are being left out: one comes every ${spanWords(pace)}. ${slowReason(dropped)}`,
    });
  }
  return notices;
}

function absence({ rackId, serverId, feed, rack }: NoticeOptions): ViewNotice {
  if (rack === null)
    return { kind: 'unknown', text: `The controller knows no rack ${rackId}, and so no server ${serverId} in it.` };
  const problem = feed?.problem ?? '';
  if (problem !== '') return { kind: 'unknown', text: problem };
  const text = `The controller knows no server ${serverId} in rack ${rackId}: nobody has heard it, and it is not expected.`;
  return { kind: 'unknown', text };
}

function silence({ frames }: ServerFeed): ViewNotice {
  const last = lastHeardFrame(frames);
  if (last === null) return { kind: 'past', text: 'Nothing was heard of it since this page began to listen.' };
  return {
    kind: 'past',
    text: `Spectrum and slots are those of ${timeWords(last.timestamp)}, when it was last heard.`,
  };
}

function slowReason(dropped: number): string {
  return dropped > 0
    ? `The link to this page is slow: the controller has left out ${dropped} messages.`
    : 'The rack or its link to the controller is slow.';
}
