import type { IncidentEntry } from '../../wire/api/incident.ts';
import { capsulePath } from '../replay/open-anything.ts';
import { dayWords, sizeWords } from '../replay/replay-words.ts';
import { Mark } from '../status/mark.tsx';
import { Link } from '../store/link.tsx';
import { controllerNow } from '../store/session.ts';
import { markOfSeverity } from '../words/fault-order.ts';
import { incidentName } from '../words/incident-name.ts';
import { agoWords, spanWords, timeWords } from '../words/number-words.ts';
import { serverWords } from '../words/server-words.ts';
import { DownloadLink } from './download-link.tsx';

/** One capsule: when, where and what, how large, and what can be done with it. */
export function IncidentRow({ incident }: { readonly incident: IncidentEntry }) {
  const { rack_id: rackId, server_id: serverId, name, severity, since, detected, incident_id: incidentId } = incident;
  const who = serverWords(rackId, serverId, name);
  const what = incidentName(incident);
  const about = `${what} of ${who.replace(/^Rack/, 'rack')}, ${timeWords(since)}`;
  return (
    <li class="incident">
      <time
        class="incident-when"
        dateTime={new Date(since * 1000).toISOString()}
        title={`${agoWords(controllerNow() - since)} ago`}
      >
        <span>{dayWords(since)}</span> {timeWords(since)}
      </time>
      <p class="incident-what">
        <Mark status={markOfSeverity(severity)} />
        <span>
          <b>{what}</b>, {severity}, found {spanWords(Math.max(0, detected - since))} later
        </span>
      </p>
      <Link class="incident-who" to={{ kind: 'server', rackId, serverId }}>
        {who}
      </Link>
      <span class="incident-size">{incident.is_complete ? sizeWords(incident.bytes) : 'still recording'}</span>
      <span class="incident-actions">
        <Link to={{ kind: 'replay' }} query={{ rack: String(rackId), incident: incidentId }} label={`Replay ${about}`}>
          Replay
        </Link>
        <DownloadLink
          path={capsulePath(rackId, incidentId)}
          name={`${incidentId}.ndjson`}
          label={`Download ${about}`}
        />
      </span>
    </li>
  );
}
