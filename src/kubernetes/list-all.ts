import { type ApiCall, KubernetesApiError } from './api-error.ts';

/** A list that is forgotten before it is read is begun anew so many times. */
const MAX_TRIES = 3;
/** Objects of a page. */
export const PAGE_LENGTH = 250;

interface Page<T> {
  readonly items: readonly T[];
  // oxlint-disable-next-line no-underscore-dangle -- the library's name for `continue`
  readonly metadata?: { readonly _continue?: string };
}

/**
 * Reads a list page by page. A server that has forgotten where a long list was (410) is asked from the beginning.
 * @param readPage gives the page that begins there; undefined: the first
 * @throws KubernetesApiError, also when the list was forgotten again and again
 */
export async function listAll<T>(
  call: ApiCall,
  readPage: (from: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const items = await listOnce(readPage);
    if (items !== null) return items;
  }
  const message = `the list of ${call.resource} was forgotten before it was read, again and again`;
  throw new KubernetesApiError({ call, status: 410, message });
}

/** Null when the server has forgotten the list since its first page. */
async function listOnce<T>(readPage: (from: string | undefined) => Promise<Page<T>>): Promise<readonly T[] | null> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
      const page = await readPage(next);
      items.push(...page.items);
      // oxlint-disable-next-line no-underscore-dangle -- as above
      next = page.metadata?._continue;
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isExpired && next !== undefined) return null;
      throw error;
    }
  } while (next !== undefined && next !== '');
  return items;
}
