import './replay.css';
import '../server/server.css';
import '../server/instrument.css';
import '../server/legend.css';
import { useEffect, useMemo } from 'preact/hooks';
import { heardOf } from '../server/heard.ts';
import { HistoryPanel } from '../server/history-panel.tsx';
import { keyFigures } from '../server/key-figures.ts';
import { lastHeardFrame } from '../server/shown-frame.ts';
import { SlotPanel } from '../server/slot-panel.tsx';
import { SpectrumPanel } from '../server/spectrum-panel.tsx';
import { verdictWords } from '../server/verdict-sentence.ts';
import { Mark } from '../status/mark.tsx';
import type { ServerFeed } from '../store/server-feed.ts';
import { timeWords } from '../words/number-words.ts';
import { firstMoment, foundAgain, landmarksOf } from './landmarks.ts';
import { momentAt, movedTo } from './playback.ts';
import { replayBands } from './replay-bands.ts';
import { ReplayFeed } from './replay-feed.ts';
import { RecordingStrip } from './recording-strip.tsx';
import type { OpenedRecording } from './replay-store.ts';
import { besideWords, fileWords, hearingNotes, landmarkWords } from './replay-words.ts';
import { Transport } from './transport.tsx';
import { useAddressedMoment } from './use-addressed-moment.ts';
import { usePlayback } from './use-playback.ts';
import { useReplayKeys } from './use-replay-keys.ts';

/** A recording of one server, as the page would have shown it live, at any moment of it. */
export function ReplayView({ opened }: { readonly opened: OpenedRecording }) {
  const { file, hearing } = opened;
  const { moments, server } = hearing;
  const landmarks = useMemo(() => landmarksOf(hearing), [hearing]);
  const [addressed, address] = useAddressedMoment(moments);
  const [playback, setPlayback] = usePlayback(hearing, addressed ?? firstMoment(hearing));
  const feeds = useMemo(() => new ReplayFeed(hearing), [hearing]);
  const feed = useMemo(() => feeds.at(playback.index), [feeds, playback.index]);
  const bands = useMemo(() => replayBands(hearing), [hearing]);
  const seconds = moments[playback.index]?.seconds ?? 0;
  const range = useMemo(() => [moments[0]?.seconds ?? 0, moments.at(-1)?.seconds ?? 0] as const, [moments]);
  useReplayKeys({ hearing, playback, setPlayback });
  // Of a replay that is running the address would change all the time.
  useEffect(() => {
    if (!playback.isPlaying) address(seconds);
  }, [playback.isPlaying, seconds]);

  return (
    <article class="server-view replay">
      <RecordingStrip opened={opened} />
      <Transport hearing={hearing} landmarks={landmarks} playback={playback} setPlayback={setPlayback} />
      <Verdict feed={feed} beside={besideWords(seconds, landmarks)} seconds={seconds} />
      <SpectrumPanel feed={feed} shown={shownFrame(feed)} recordedSeconds={range[1] - range[0]} />
      <SlotPanel window={shownFrame(feed)?.window ?? null} />
      <HistoryPanel
        history={hearing.history}
        bands={bands}
        recording={{
          range,
          atSeconds: seconds,
          onPick: (picked) =>
            setPlayback({ ...movedTo(playback, momentAt(moments, picked), hearing), isPlaying: false }),
        }}
      />
      <footer class="replay-notes">
        {[
          ...landmarkWords(landmarks, landmarks === null ? null : foundAgain(hearing, landmarks)),
          ...hearingNotes(hearing),
          fileWords(file),
          ...(server.incident === null ? [] : [`Recorded by NetWatch ${server.incident.version}.`]),
          'Heard again in this browser, by the same code as in a rack; nothing of it was sent anywhere.',
        ].map((note) => (
          <p key={note}>{note}</p>
        ))}
      </footer>
    </article>
  );
}

function Verdict({
  feed,
  beside,
  seconds,
}: {
  readonly feed: ServerFeed;
  readonly beside: string;
  readonly seconds: number;
}) {
  const { rackId, serverId, verdict, history, frame, frames } = feed;
  const heard = useMemo(() => heardOf(frame, frames), [frame]);
  if (verdict === null) return null;
  const words = verdictWords({ rackId, serverId, verdict, rack: null, history, heard, nowSeconds: seconds });
  return (
    <>
      <header class="verdict" data-status={verdict.status}>
        <p class="replay-when">
          At {timeWords(seconds)}
          {beside === '' ? '' : `, ${beside}`}
        </p>
        <Mark status={verdict.status} />
        <h1>{words.sentence}</h1>
        {words.notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </header>
      <dl class="figures">
        {keyFigures(verdict).map(({ name, value, meaning }) => (
          <div key={name} title={meaning}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Of a silent server the last that was heard tells more than the emptiness since. */
function shownFrame({ verdict, frame, frames }: ServerFeed) {
  return verdict?.status === 'silent' ? (lastHeardFrame(frames) ?? frame) : frame;
}
