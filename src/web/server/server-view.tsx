import './server.css';
import './instrument.css';
import './legend.css';
import { useMemo } from 'preact/hooks';
import type { RackHealth } from '../../core/verdict.ts';
import { shownStatus } from '../status/shown-status.ts';
import { useChaos, useConnection, useHealth, usePastAt, useServer } from '../store/hooks.ts';
import type { ServerFeed } from '../store/server-feed.ts';
import { controllerNow } from '../store/session.ts';
import { FaultsPanel } from './faults-panel.tsx';
import { heardOf } from './heard.ts';
import { HistoryPanel } from './history-panel.tsx';
import { keyFigures } from './key-figures.ts';
import { serverFaults } from './server-faults.ts';
import { lastHeardFrame } from './shown-frame.ts';
import { SlotPanel } from './slot-panel.tsx';
import { SpectrumPanel } from './spectrum-panel.tsx';
import { chaosBands, faultBands } from './time-bands.ts';
import { useServerEvents } from './use-server-events.ts';
import { VerdictHead } from './verdict-head.tsx';
import { verdictWords } from './verdict-sentence.ts';
import { viewNotices } from './view-notice.ts';

/** All about one server: its verdict in a sentence, its figures, its spectrum, its slots, its last 15 minutes. */
export function ServerView({ rackId, serverId }: { readonly rackId: number; readonly serverId: number }) {
  const feed = useServer(rackId, serverId);
  const health = useHealth();
  const connection = useConnection();
  const pastAt = usePastAt();
  const rack = health === null ? undefined : (health.tree.racks.find(({ rack_id: id }) => id === rackId) ?? null);
  const verdict = feed?.verdict ?? null;
  const notices = viewNotices({ rackId, serverId, feed, rack, connection });
  const heard = useMemo(() => (feed === null ? null : heardOf(feed.frame, feed.frames)), [feed?.frame]);
  const words = verdictWords({
    rackId,
    serverId,
    verdict,
    rack: rack ?? null,
    history: feed?.history ?? null,
    heard,
    nowSeconds: controllerNow(),
    pastAtSeconds: pastAt,
  });
  const status = verdict === null ? 'unknown' : rack ? shownStatus(rack, verdict) : verdict.status;
  const isPast = pastAt !== null || notices.some(({ kind }) => kind === 'past') || verdict?.status === 'silent';
  const title = verdict === null ? `Rack ${rackId}, server ${serverId}` : words.sentence;
  return (
    <article class="server-view" id="content" data-past={isPast}>
      <VerdictHead title={title} status={status} notices={notices} notes={verdict === null ? [] : words.notes} />
      {feed !== null && verdict !== null && <Instruments feed={feed} rack={rack ?? null} now={pastAt} />}
    </article>
  );
}

interface InstrumentsProps {
  readonly feed: ServerFeed;
  readonly rack: RackHealth | null;
  /** Unix seconds; null: it is now. */
  readonly now: number | null;
}

function Instruments({ feed, rack, now }: InstrumentsProps) {
  const { rackId, serverId, verdict, frame, frames } = feed;
  const events = useServerEvents(rackId, serverId);
  const chaos = useChaos();
  const faults = useMemo(
    () => serverFaults({ rackId, serverId }, { verdict, rack, events }),
    [rackId, serverId, verdict, rack, events],
  );
  const bands = useMemo(
    () => [...chaosBands({ rackId, serverId }, { active: chaos?.injections ?? [], events }), ...faultBands(faults)],
    [rackId, serverId, chaos, events, faults],
  );
  // Of a silent server the last that was heard tells more than the emptiness since.
  const shown = verdict?.status === 'silent' ? (lastHeardFrame(frames) ?? frame) : frame;
  return (
    <>
      <dl class="figures">
        {keyFigures(verdict).map(({ name, value, meaning }) => (
          <div key={name} title={meaning}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <SpectrumPanel feed={feed} shown={shown} />
      <SlotPanel window={shown?.window ?? null} />
      <HistoryPanel history={feed.history} bands={bands} />
      <FaultsPanel rackId={rackId} serverId={serverId} faults={faults} now={now ?? controllerNow()} />
    </>
  );
}
