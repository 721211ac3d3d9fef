import './server.css';
import './instrument.css';
import './legend.css';
import { useMemo } from 'preact/hooks';
import { Mark } from '../status/mark.tsx';
import { shownStatus } from '../status/shown-status.ts';
import { useChaos, useConnection, useEvents, useHealth, usePastAt, useServer } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import { controllerNow } from '../store/session.ts';
import { heardOf } from './heard.ts';
import { HistoryPanel } from './history-panel.tsx';
import { keyFigures } from './key-figures.ts';
import { lastHeardFrame } from './shown-frame.ts';
import { SlotPanel } from './slot-panel.tsx';
import { SpectrumPanel } from './spectrum-panel.tsx';
import { chaosBands, faultBands } from './time-bands.ts';
import { verdictWords } from './verdict-sentence.ts';
import { viewNotices } from './view-notice.ts';

/** All about one server: its verdict in a sentence, its figures, its spectrum, its slots, its last 15 minutes. */
export function ServerView({ rackId, serverId }: { readonly rackId: number; readonly serverId: number }) {
  const feed = useServer(rackId, serverId);
  const health = useHealth();
  const connection = useConnection();
  const pastAt = usePastAt();
  const chaos = useChaos();
  const events = useEvents();
  const rack = health === null ? undefined : (health.tree.racks.find(({ rack_id: id }) => id === rackId) ?? null);
  const verdict = feed?.verdict ?? null;
  const bands = useMemo(
    () => [
      ...chaosBands({ rackId, serverId }, { active: chaos?.injections ?? [], events }),
      ...faultBands(verdict?.faults ?? []),
    ],
    [rackId, serverId, chaos, events, verdict],
  );
  const notices = viewNotices({ rackId, serverId, feed, rack, connection });
  // Of a silent server the last that was heard tells more than the emptiness since.
  const shown =
    verdict?.status === 'silent' && feed !== null ? (lastHeardFrame(feed.frames) ?? feed.frame) : (feed?.frame ?? null);
  const heard = useMemo(() => (feed === null ? null : heardOf(feed.frame, feed.frames)), [feed?.frame]);
  const words = verdictWords({
    rackId,
    serverId,
    verdict,
    history: feed?.history ?? null,
    heard,
    nowSeconds: controllerNow(),
    pastAtSeconds: pastAt,
  });
  const status = verdict === null ? 'unknown' : rack ? shownStatus(rack, verdict) : verdict.status;
  const isPast = pastAt !== null || notices.some(({ kind }) => kind === 'past') || verdict?.status === 'silent';

  return (
    <article class="server-view" id="content" data-past={isPast}>
      <header class="verdict" data-status={status}>
        <Mark status={status} />
        <h1>{verdict === null ? `Rack ${rackId}, server ${serverId}` : words.sentence}</h1>
        {notices.map(({ kind, text }) => (
          <p key={text} class="notice" data-kind={kind} role={kind === 'slow' ? undefined : 'status'}>
            {text}
          </p>
        ))}
        {notices.some(({ kind }) => kind === 'unknown') && (
          <p>
            <Link to={{ kind: 'house' }}>The whole house</Link> shows all racks and servers there are.
          </p>
        )}
        {verdict !== null && words.notes.map((note) => <p key={note}>{note}</p>)}
      </header>
      {feed !== null && verdict !== null && (
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
        </>
      )}
    </article>
  );
}
