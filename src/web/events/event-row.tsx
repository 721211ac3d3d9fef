import { agoWords, timeWords } from '../words/number-words.ts';
import { Mark } from '../status/mark.tsx';
import { markOfGroup, type ShownStatus } from '../status/shown-status.ts';
import type { ChaosEvent, DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { Link } from '../store/link.tsx';
import { markOfSeverity } from '../words/fault-order.ts';
import { eventSentence, eventWords } from './event-words.ts';

interface EventRowProps {
  readonly event: DatacenterEvent;
  /** Unix seconds, the controller's clock. */
  readonly now: number;
}

/** An event as a line. */
export function EventRow({ event, now }: EventRowProps) {
  const { who, what, detail } = eventWords(event);
  const date = new Date(event.timestamp * 1000);
  const isToday = date.toDateString() === new Date(now * 1000).toDateString();
  const ago = `${agoWords(now - event.timestamp)} ago, ${date.toLocaleString()}`;
  return (
    <li class="event" data-scope={event.scope} title={`${eventSentence(event)} ${ago}`}>
      <time class="event-time" dateTime={date.toISOString()}>
        {isToday ? '' : `${date.toLocaleDateString()} `}
        {timeWords(event.timestamp)}
      </time>
      {event.scope === 'chaos' ? <i class="event-chaos" aria-hidden="true" /> : <Mark status={markOf(event)} />}
      <span class="event-sentence">
        <Who event={event} who={who} />
        <span class="event-what">{`: ${what}`}</span>
        {detail === '' ? null : <span class="event-detail">{`, ${detail}`}</span>}
      </span>
    </li>
  );
}

/** A server's name leads to it. */
function Who({ event: { rack_id: rackId, server_id: serverId }, who }: { event: DatacenterEvent; who: string }) {
  if (rackId === null || serverId === null) return <span class="event-who">{who}</span>;
  return (
    <Link class="event-who" to={{ kind: 'server', rackId, serverId }}>
      {who}
    </Link>
  );
}

function markOf(event: Exclude<DatacenterEvent, ChaosEvent>): ShownStatus | 'note' {
  if (event.scope !== 'fault') return event.to === 'warning' ? event.to : markOfGroup(event.to);
  const mark = markOfSeverity(event.fault.severity);
  return event.to === 'ended' && mark !== 'note' ? 'healthy' : mark;
}
