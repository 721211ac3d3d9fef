import { createBackoff } from '../io/backoff.ts';
import { UserError } from '../io/user-error.ts';
import { deleteCommand } from './lease-names.ts';

/** How whoever loses race after race waits. */
export interface Waiting {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Waits; throws the reason of whoever ends the waiting early. */
  readonly pauseMs: (ms: number) => Promise<void>;
}

/** What there is to see before a claim is made. */
export interface Look {
  /** What is held already. */
  readonly own: number | null;
  readonly taken: readonly number[];
  /** What to say when nothing is free. */
  readonly fullText: () => string;
}

/** An id that is to be claimed, of those from 0 to ids − 1. */
export interface IdSearch {
  readonly ids: number;
  readonly look: () => Promise<Look>;
  /** Chooses among the free ids, in their order; undefined when there are none. */
  readonly choose: (free: readonly number[], losses: number) => number | undefined;
  /** @returns false when it is taken */
  readonly claim: (id: number) => Promise<boolean>;
  /** Name of the Lease that holds an id. */
  readonly leaseName: (id: number) => string;
  /** Of the Leases. */
  readonly namespace: string;
  readonly nodeName: string;
  readonly waiting: Waiting;
}

/** Each try is lost to somebody who then has a place: enough for a whole rack that starts at once. */
const MAX_TRIES = 100;
/** So many follow each other without a wait. */
const TRIES_AT_ONCE = 4;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2000;
/** Leases that are in the way and are no claims. More of them are no accident. */
const MAX_STRANGE = 16;

/**
 * Looks, claims an id that is free, and looks again when it was taken. An id that could not be claimed and that no claim
 * explains is passed over: there is a Lease of that name which is nobody's claim.
 * @throws UserError when nothing is free, too many Leases are in the way, or each race was lost; whatever `look`, `claim`
 *   and `waiting` throw
 */
export async function claimId(search: IdSearch): Promise<number> {
  const { ids, look, choose, claim, leaseName, waiting } = search;
  const backoff = createBackoff({ initialMs: FIRST_WAIT_MS, maxMs: LONGEST_WAIT_MS, random: waiting.random });
  const refused = new Set<number>();
  /* oxlint-disable no-await-in-loop -- each look is at what the last try left */
  for (let losses = 0; losses < MAX_TRIES; losses++) {
    if (losses >= TRIES_AT_ONCE) await waiting.pauseMs(backoff.nextMs());
    const { own, taken, fullText } = await look();
    if (own !== null) return own;
    const known = new Set(taken);
    const strange = [...refused].filter((id) => !known.has(id)).map(leaseName);
    if (strange.length > MAX_STRANGE) throw new UserError(strangeText(search, strange));
    const free = Array.from({ length: ids }, (_, id) => id).filter((id) => !known.has(id) && !refused.has(id));
    const chosen = choose(free, losses);
    if (chosen === undefined) {
      throw new UserError(strange.length === 0 ? fullText() : `${fullText()}. Also, ${strangeText(search, strange)}`);
    }
    if (await claim(chosen)) return chosen;
    refused.add(chosen);
  }
  /* oxlint-enable no-await-in-loop */
  throw new UserError(lostText(search, [...refused].at(-1) ?? 0));
}

function strangeText({ nodeName, namespace }: IdSearch, names: readonly string[]): string {
  return (
    `node ${nodeName} could claim none of the Leases ${names.join(', ')}: the API server says that they are there, but none of them is a claim, with its labels. ` +
    `Look at them (kubectl --namespace ${namespace} get leases --show-labels), and remove those that nobody needs: ${deleteCommand(namespace, names)}`
  );
}

function lostText({ nodeName, namespace, leaseName }: IdSearch, last: number): string {
  return (
    `no place could be claimed for node ${nodeName} in ${MAX_TRIES} tries, the last of them the Lease ${leaseName(last)}: others were faster each time. ` +
    `Look who has them (kubectl --namespace ${namespace} get leases), and run it again`
  );
}
