import type { ApiCall } from './api-call.ts';
import { KubernetesApiError } from './api-error.ts';

/** A list that is forgotten before it is read is begun anew so many times. */
const MAX_TRIES = 3;
/** Objects of a page. */
export const PAGE_LENGTH = 500;
/** Pages of a list: 50 000 objects. A server whose list has no end is not asked for ever. */
const MAX_PAGES = 100;

/** What a page of a list should be; what is not one may have anything in these places. */
interface Page<T> {
  readonly items: readonly T[];
  // oxlint-disable-next-line no-underscore-dangle -- the library's name for `continue`
  readonly metadata?: { readonly _continue?: string };
}

/** How a list is read. */
export interface ListReader<T, Kept> {
  /** Gives the page that begins there; undefined: the first. */
  readonly readPage: (from: string | undefined) => Promise<Page<T>>;
  /** What is needed of an object, so that the rest of it is let go with its page; null: nothing. */
  readonly keep: (item: T) => Kept | null;
}

/**
 * Reads a list page by page. A server that has forgotten where a long list was (410) is asked from the beginning.
 * @throws KubernetesApiError, also when the list was forgotten again and again, has no end, or is no list
 */
export async function listAll<T, Kept>(call: ApiCall, reader: ListReader<T, Kept>): Promise<readonly Kept[]> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const items = await listOnce(call, reader);
    if (items !== null) return items;
  }
  const message = `the list of ${call.resource} was forgotten before it was read, again and again`;
  throw new KubernetesApiError({ call, status: 410, message });
}

/** Null when the server has forgotten the list since its first page. */
async function listOnce<T, Kept>(
  call: ApiCall,
  { readPage, keep }: ListReader<T, Kept>,
): Promise<readonly Kept[] | null> {
  const kept: Kept[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
      const page = await readPage(next);
      for (const item of itemsOf(call, page)) {
        const part = keep(item);
        if (part !== null) kept.push(part);
      }
      // oxlint-disable-next-line no-underscore-dangle -- as above
      next = page.metadata?._continue;
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isExpired && next !== undefined) return null;
      throw error;
    }
    if (next === undefined || next === '') return kept;
  }
  const message = `${MAX_PAGES} pages of up to ${PAGE_LENGTH}, each of which says that another follows`;
  throw new KubernetesApiError({ call, status: 'senseless', message });
}

function itemsOf<T>(call: ApiCall, page: Page<T>): readonly T[] {
  const answer: Partial<Page<T>> | null = page;
  const items: unknown = answer?.items;
  const senseless = (message: string) => new KubernetesApiError({ call, status: 'senseless', message });
  if (!Array.isArray(items)) throw senseless(`with no list of ${call.resource}: there are no items in it`);
  const strange = items.findIndex((item) => typeof item !== 'object' || item === null);
  if (strange >= 0)
    throw senseless(`with a list of ${call.resource} whose item ${strange} is ${String(items[strange])}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library has made them of this type
  return items as readonly T[];
}
