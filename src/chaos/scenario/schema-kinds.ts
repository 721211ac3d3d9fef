import * as v from 'valibot';
import { parseDuration } from '../../config/duration.ts';
import { nearest } from '../../config/nearest.ts';
import { parseServerList } from '../../config/server-list.ts';
import type { Selection } from '../select-servers.ts';

/** Message of an issue about a key that must be there and is not. */
export const MISSING = 'it is missing';

/** A day: no story is longer. */
export const MAX_SECONDS = 86_400;

/** `500ms`, `30s`, `5m`, or seconds. The message of an issue is what is allowed, as everywhere in a scenario's schema. */
function durationKind(minSeconds: number, allowed: string): v.GenericSchema<unknown, number> {
  return v.pipe(
    v.union([v.string(), v.number()], allowed),
    v.transform((given) => parseDuration(given) ?? Number.NaN),
    v.number(allowed),
    v.minValue(minSeconds, allowed),
    v.maxValue(MAX_SECONDS, allowed),
  );
}

/** A time that passes: at least a millisecond. */
export const SpanSchema = durationKind(0.001, 'a duration from 1ms to 24h, as 300ms, 5s or 2m');
/** A pause, which may be none. */
export const PauseSchema = durationKind(0, 'a duration up to 24h, as 300ms, 5s or 2m');

export function numberKind(min: number, max: number, allowed: string): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(allowed), v.finite(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}

export function wholeNumberKind(min: number, max: number): v.GenericSchema<unknown, number> {
  const allowed = `a whole number from ${min} to ${max}`;
  return v.pipe(numberKind(min, max, allowed), v.integer(allowed));
}

export function wordKind<const Words extends readonly string[]>(words: Words): v.GenericSchema<unknown, Words[number]> {
  return v.picklist(words, words.join(', '));
}

const TEXT = '1 to 200 printable characters on one line';
export const TextSchema = v.pipe(v.string(TEXT), v.trim(), v.regex(/^[^\p{C}]{1,200}$/u, TEXT));

const PARAGRAPH = '1 to 1000 characters of text';
export const ParagraphSchema = v.pipe(
  v.string(PARAGRAPH),
  v.transform((text) => text.replaceAll(/\s+/g, ' ').trim()),
  v.regex(/^[^\p{C}]{1,1000}$/u, PARAGRAPH),
);

const IDS = 'ids from 0 to 65535: 3, 0-3, "1,3,5-7" or [1, 3]';
const IdsSchema = v.pipe(
  v.unknown(),
  v.transform(parseServerList),
  v.custom<readonly number[]>((ids) => ids !== null, IDS),
);

const SelectedSchema: v.GenericSchema<unknown, Selection> = v.pipe(
  v.lazy(() => strictKind({ racks: v.optional(IdsSchema), servers: v.optional(IdsSchema) })),
  v.check(
    ({ racks, servers }) => racks !== undefined || servers !== undefined,
    'racks, servers, or both; or just: all',
  ),
  v.transform(({ racks = null, servers = null }) => ({ racks, servers })),
);

/** `all`, or racks and servers of them. */
export const SelectionSchema: v.GenericSchema<unknown, Selection> = v.lazy((given) =>
  typeof given === 'object' && given !== null && !Array.isArray(given)
    ? SelectedSchema
    : v.pipe(
        v.literal('all', 'all, or for example { racks: 0, servers: 0-3 }'),
        v.transform(() => ({ racks: null, servers: null })),
      ),
);

/**
 * An object of these keys and no others. The message for a key that is not known names the nearest one, unless
 * `misplaced` knows better.
 */
export function strictKind<const Entries extends v.ObjectEntries>(
  entries: Entries,
  misplaced: (key: string) => string | null = () => null,
) {
  const keys = Object.keys(entries);
  return v.strictObject(entries, (issue) => {
    const last = issue.path?.at(-1)?.key;
    const key = typeof last === 'string' ? last : '';
    if (issue.expected === 'never') return misplaced(key) ?? `unknown key, nearest: ${nearest(key, keys) ?? 'none'}`;
    return issue.path === undefined ? `keys and values: ${keys.join(', ')}` : MISSING;
  });
}
