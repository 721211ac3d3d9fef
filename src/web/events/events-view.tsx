import './events.css';
import { useEvents, useNow } from '../store/hooks.ts';
import { useQueryParameter } from '../store/navigation.ts';
import { controllerNow } from '../store/session.ts';
import { apiQuery, filterOf, isShown, type FilterParameters } from './event-filter.ts';
import { EventFilters } from './event-filters.tsx';
import { countWords, filterProblems } from './list-words.ts';
import { EventRow } from './event-row.tsx';
import { useOlderEvents } from './use-older-events.ts';

/** How often relative times are drawn anew. */
const REDRAW_SECONDS = 30;

/** Everything that changed, newest first. */
export function EventsView() {
  useNow(REDRAW_SECONDS);
  const parameters = useFilterParameters();
  const filter = filterOf(parameters);
  const problems = filterProblems(parameters);
  const { events, hasMore, isLoading, problem, load } = useOlderEvents(useEvents(), apiQuery(filter));
  const shown = events.filter((event) => isShown(event, filter));
  const now = controllerNow();
  return (
    <section class="events" aria-labelledby="events-title">
      <h1 id="events-title">Events</h1>
      <EventFilters />
      {problems.map((words) => (
        <Problem key={words} words={`${words} This is left out.`} />
      ))}
      <p class="events-count" role="status">
        {countWords({ shown: shown.length, known: events.length })}
      </p>
      <ol class="events-list">
        {shown.map((event) => (
          <EventRow key={event.id} event={event} now={now} />
        ))}
      </ol>
      {problem !== null && <Problem words={problem} />}
      {hasMore ? (
        <button type="button" disabled={isLoading} onClick={() => void load()}>
          {isLoading ? 'Loading…' : 'Load older events'}
        </button>
      ) : (
        shown.length > 0 && <p class="events-count">The controller remembers nothing older.</p>
      )}
    </section>
  );
}

function Problem({ words }: { readonly words: string }) {
  return (
    <p class="events-problem" role="alert">
      {words}
    </p>
  );
}

/** The filter as the URL has it. */
function useFilterParameters(): FilterParameters {
  const [scope] = useQueryParameter('scope');
  const [fault] = useQueryParameter('fault');
  const [rack] = useQueryParameter('rack');
  const [server] = useQueryParameter('server');
  const [text] = useQueryParameter('text');
  const [ill] = useQueryParameter('ill');
  return { scope, fault, rack, server, text, ill };
}
