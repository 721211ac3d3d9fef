import { FAULT_KINDS } from '../../core/verdict.ts';
import { SCOPES, type FilterParameters } from './event-filter.ts';

/** What is said above the list. */
export interface ListSize {
  /** Events that are shown. */
  readonly shown: number;
  /** Events that are known to the page, whatever the filter. */
  readonly known: number;
}

/** How many events are shown; where there are none, why. */
export function countWords({ shown, known }: ListSize): string {
  if (known === 0) return 'Nothing has happened since this controller began; what was before that it does not know.';
  if (shown === known) return shown === 1 ? '1 event' : `${shown} events`;
  return shown === 0
    ? `No event matches the filter: none of the latest ${known}.`
    : `${shown} of the latest ${known} events`;
}

/** What of the filter is not understood and so is left out, a sentence each. */
export function filterProblems({ scope, fault, rack, server }: FilterParameters): readonly string[] {
  const problems: string[] = [];
  if (given(scope) && !SCOPES.some((known) => known === scope)) {
    problems.push(
      `Events cannot be about “${scope}”: allowed is ${SCOPES.slice(0, -1).join(', ')} or ${SCOPES.at(-1)}.`,
    );
  }
  if (given(fault) && !FAULT_KINDS.some((known) => known === fault)) {
    problems.push(`There is no fault “${fault}”: allowed is one of the list, as loss.`);
  }
  for (const [name, text] of [
    ['Rack', rack],
    ['Server', server],
  ] as const) {
    if (given(text) && !/^\d{1,5}$/.test(text))
      problems.push(`${name} “${text}” is no number: allowed is its id, as 2.`);
  }
  return problems;
}

function given(text: string | null): text is string {
  return text !== null && text !== '';
}
