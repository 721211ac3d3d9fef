import { useStore } from '../store/use-store.ts';
import { FileButton } from './file-button.tsx';
import { chooseServer } from './open-anything.ts';
import { landmarksOf } from './landmarks.ts';
import { openingStore, type OpenedRecording } from './replay-store.ts';
import { recordingWords } from './replay-words.ts';
import { incidentName } from '../words/incident-name.ts';
import { serverWords } from '../words/server-words.ts';

/** Says, as long as it is looked at, that this is a recording: of what, and of when. */
export function RecordingStrip({ opened }: { readonly opened: OpenedRecording }) {
  const words = recordingWords(opened.hearing);
  const landmarks = landmarksOf(opened.hearing);
  return (
    <div class="recording-strip">
      <p>
        <strong>Recording</strong> of {words}
        {landmarks === null ? '' : ': '}
        {landmarks !== null && <b>{incidentName(landmarks)}</b>}
      </p>
      <div class="recording-actions">
        <ServerChoice opened={opened} />
        <FileButton>Replay another file …</FileButton>
      </div>
    </div>
  );
}

/** Which server of a file with several is shown. */
function ServerChoice({ opened }: { readonly opened: OpenedRecording }) {
  const isBusy = useStore(openingStore) !== null;
  const servers = opened.file.servers();
  if (servers.length < 2) return null;
  const { rackId, serverId } = opened.hearing.server;
  return (
    <label>
      Server
      <select
        value={`${rackId}/${serverId}`}
        disabled={isBusy}
        onChange={({ currentTarget: { value } }) => {
          const chosen = servers.find((server) => `${server.rackId}/${server.serverId}` === value);
          if (chosen !== undefined) void chooseServer(opened, chosen);
        }}
      >
        {servers.map((server) => (
          <option key={`${server.rackId}/${server.serverId}`} value={`${server.rackId}/${server.serverId}`}>
            {serverWords(server.rackId, server.serverId, server.incident?.name ?? null)}, {server.recording.length}{' '}
            samples
          </option>
        ))}
      </select>
    </label>
  );
}
