import './incidents.css';
import { faultName } from '../../words/fault-words.ts';
import { FilterChoice } from '../events/filter-choice.tsx';
import { FileButton } from '../replay/file-button.tsx';
import { openedStore } from '../replay/replay-store.ts';
import { useNow } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import { useQueryParameter } from '../store/navigation.ts';
import { useStore } from '../store/use-store.ts';
import { recordingWords } from '../replay/replay-words.ts';
import { countWords, INCIDENT_KINDS, incidentFilter, listPath } from './incident-filter.ts';
import { IncidentRow } from './incident-row.tsx';
import { useIncidents, type KnownIncidents } from './use-incidents.ts';

const KIND_CHOICES = INCIDENT_KINDS.map((value) => ({ value, words: faultName(value) }));

/** How often relative times are drawn anew. */
const REDRAW_SECONDS = 30;

/** What racks recorded around each fault, newest first, to be heard again. */
export function IncidentsView() {
  useNow(REDRAW_SECONDS);
  const [rack, setRack] = useQueryParameter('rack');
  const [server, setServer] = useQueryParameter('server');
  const [kind] = useQueryParameter('kind');
  const filter = incidentFilter({ rack, server, kind });
  const known = useIncidents(listPath(filter));
  const { incidents } = known;
  return (
    <section class="incidents" aria-labelledby="incidents-title">
      <header>
        <h1 id="incidents-title">Incidents</h1>
        <p class="soft">
          When a fault begins, its rack keeps what it heard of the server from a minute before to a minute after.
        </p>
        <div class="incidents-open">
          <FileButton>Replay a file …</FileButton>
          <span class="soft">or drop one anywhere on this page; it is read here and sent nowhere.</span>
          <ReplayedLink />
        </div>
      </header>
      <form class="event-filters" role="search" aria-label="Incidents" onSubmit={(event) => event.preventDefault()}>
        <FilterChoice name="kind" label="Fault" all="any" choices={KIND_CHOICES} />
        <IdField label="Rack" value={rack} onInput={setRack} />
        <IdField label="Server" value={server} onInput={setServer} />
      </form>
      <ListState known={known} />
      {incidents !== null && (
        <p class="soft" role="status">
          {countWords(incidents.length, filter)}
        </p>
      )}
      {incidents !== null && incidents.length > 0 && (
        <ol class="incident-list">
          {incidents.map((incident) => (
            <IncidentRow key={`${incident.rack_id}/${incident.incident_id}`} incident={incident} />
          ))}
        </ol>
      )}
    </section>
  );
}

/** Why there is no list, or an old one. */
function ListState({ known: { incidents, problem, isMissing, reload } }: { readonly known: KnownIncidents }) {
  if (isMissing) {
    return (
      <p role="status">
        This controller keeps no list of incidents: its version may be older than this. A capsule that was saved can be
        replayed all the same.
      </p>
    );
  }
  if (problem !== null) {
    return (
      <p class="incidents-problem" role="alert">
        {incidents === null ? 'The incidents cannot be listed' : 'The list is not of now'}: {problem}{' '}
        <button type="button" onClick={reload}>
          Ask again
        </button>
      </p>
    );
  }
  return incidents === null ? <p role="status">Asking the controller …</p> : null;
}

/** The way back to what is replayed, if anything is. */
function ReplayedLink() {
  const opened = useStore(openedStore);
  if (opened === null) return null;
  const { capsule, hearing } = opened;
  const query = capsule === null ? {} : { rack: String(capsule.rackId), incident: capsule.incidentId };
  return (
    <Link to={{ kind: 'replay' }} query={query}>
      Back to the recording of {recordingWords(hearing)}
    </Link>
  );
}

function IdField(of: {
  readonly label: string;
  readonly value: string | null;
  readonly onInput: (text: string) => void;
}) {
  return (
    <label>
      <span>{of.label}</span>
      <input
        class="event-id"
        inputMode="numeric"
        autocomplete="off"
        placeholder="any"
        value={of.value ?? ''}
        onInput={({ currentTarget }) => of.onInput(currentTarget.value)}
      />
    </label>
  );
}
