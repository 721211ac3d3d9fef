import { countText } from '../terminal/number-text.ts';
import { serverName } from './server-ids.ts';
import type { PlannedServer } from './target.ts';

/** Fewer are as short as a line that says where they stand. */
const FEWEST_NOT_REPEATED = 2;

/**
 * What would be done, for people to read: each server with its commands. Those with which one ends as another one above
 * it does are not repeated: a comment says whose they are.
 */
export function dryRunLines(planned: readonly PlannedServer[]): readonly string[] {
  const whole: PlannedServer[] = [];
  return planned.flatMap((each) => {
    const { server, commands } = each;
    const title = `# ${serverName(server)}: ${server.place}`;
    const [alike, count] = mostAlike(whole, each);
    if (alike !== null && count >= FEWEST_NOT_REPEATED) {
      const last = `# then the last ${countText(count, 'line')} of ${serverName(alike.server)}`;
      return [title, ...commands.slice(0, commands.length - count), last];
    }
    whole.push(each);
    return [title, ...commands];
  });
}

/** Of those shown whole the first that ends with the most of the same commands, and with how many. */
function mostAlike(
  whole: readonly PlannedServer[],
  { commands }: PlannedServer,
): readonly [PlannedServer | null, number] {
  let best: readonly [PlannedServer | null, number] = [null, 0];
  for (const other of whole) {
    const count = sameAtTheEnd(other.commands, commands);
    if (count > best[1]) best = [other, count];
  }
  return best;
}

function sameAtTheEnd(some: readonly string[], others: readonly string[]): number {
  const longest = Math.min(some.length, others.length);
  let count = 0;
  while (count < longest && some.at(-1 - count) === others.at(-1 - count)) count += 1;
  return count;
}
