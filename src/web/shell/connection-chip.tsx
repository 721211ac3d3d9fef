import { timeWords } from '../words/number-words.ts';
import { useConnection, useHealth } from '../store/hooks.ts';
import type { ConnectionState } from '../store/connection-state.ts';

const WORDS: Readonly<Record<ConnectionState['kind'], string>> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'lost',
  refused: 'refused',
};

/** After so long without another message left out, a link is no longer called slow. */
const LATELY_SECONDS = 60;

/** How the page stands with the controller, and of when its newest data are. Beside a recording nothing is called live. */
export function ConnectionChip({ isRecording }: { readonly isRecording: boolean }) {
  const connection = useConnection();
  const timestamp = useHealth()?.tree.timestamp ?? null;
  if (isRecording) return <RecordingChip connection={connection} />;
  const dropped = droppedLately(connection, Date.now() / 1000);
  return (
    <p class="chip" data-kind={connection.kind}>
      <i aria-hidden="true" />
      <span role="status">{WORDS[connection.kind]}</span>
      {timestamp !== null && (
        <time class="chip-time" dateTime={new Date(timestamp * 1000).toISOString()} title="Time of the newest data">
          {timeWords(timestamp)}
        </time>
      )}
      {dropped > 0 && (
        <span class="chip-slow" title={`${dropped} messages were left out: this page or its link is too slow for all.`}>
          slow link, fewer frames
        </span>
      )}
    </p>
  );
}

function RecordingChip({ connection: { kind } }: { readonly connection: ConnectionState }) {
  return (
    <p class="chip" data-kind="recording">
      <i aria-hidden="true" />
      <span role="status">recording</span>
      <span class="chip-time">controller {WORDS[kind] === 'live' ? 'connected' : WORDS[kind]}</span>
    </p>
  );
}

/** How many messages were left out, unless the last of them a while ago: 0. */
function droppedLately(connection: ConnectionState, nowSeconds: number): number {
  if (connection.kind !== 'live' || connection.droppedAtSeconds === null) return 0;
  return nowSeconds - connection.droppedAtSeconds < LATELY_SECONDS ? connection.droppedMessages : 0;
}
