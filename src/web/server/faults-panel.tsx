import './faults.css';
import { Mark } from '../status/mark.tsx';
import { Link } from '../store/link.tsx';
import { faultCertainty } from '../../words/fault-words.ts';
import { markOfSeverity } from '../words/fault-order.ts';
import { durationWords, NARROW_SPACE, timeWords } from '../words/number-words.ts';
import type { ServerFault } from './server-faults.ts';

/** Nobody reads more at once; the events have them all. */
const MOST_SHOWN = 12;

interface FaultsPanelProps {
  readonly rackId: number;
  readonly serverId: number;
  /** In the order in which they began. */
  readonly faults: readonly ServerFault[];
  /** Unix seconds. */
  readonly now: number;
}

/** A server's faults, now and lately: what, from when to when, and how sure. */
export function FaultsPanel({ rackId, serverId, faults, now }: FaultsPanelProps) {
  const lasting = faults.filter(({ until }) => until === null).length;
  const newestFirst = [...faults].toSorted(
    (a, b) => Number(a.until !== null) - Number(b.until !== null) || later(a, b),
  );
  return (
    <section class="instrument faults" aria-labelledby="faults-title">
      <header>
        <h2 id="faults-title">Faults</h2>
        <span class="readout">{`${lasting} now, ${faults.length - lasting} before`}</span>
      </header>
      {faults.length === 0 ? (
        <p class="quiet">None now, and none before that the controller remembers.</p>
      ) : (
        <ul>
          {newestFirst.slice(0, MOST_SHOWN).map((told) => (
            <FaultRow key={`${told.fault.kind} ${told.fault.since}`} told={told} now={now} />
          ))}
        </ul>
      )}
      <footer>
        <Link to={{ kind: 'events' }} query={{ scope: 'fault', rack: String(rackId), server: String(serverId) }}>
          All that began and ended
        </Link>
        <Link to={{ kind: 'incidents' }} query={{ rack: String(rackId), server: String(serverId) }}>
          What was recorded, to replay it
        </Link>
      </footer>
    </section>
  );
}

function FaultRow({ told: { fault, until, words }, now }: { readonly told: ServerFault; readonly now: number }) {
  const ended = until === null ? 'now' : timeWords(until);
  return (
    <li data-over={until !== null}>
      <Mark status={markOfSeverity(fault.severity)} />
      <span class="visually-hidden">{fault.severity}: </span>
      <span class="fault-what">{words}</span>
      <span class="fault-when">
        {timeWords(fault.since)} to {ended}
      </span>
      <span class="fault-long">
        {until === null ? 'for ' : 'was '}
        {durationWords((until ?? now) - fault.since)}
      </span>
      <span class="fault-sure">{faultCertainty(fault, NARROW_SPACE)}</span>
    </li>
  );
}

function later(a: ServerFault, b: ServerFault): number {
  return b.fault.since - a.fault.since;
}
