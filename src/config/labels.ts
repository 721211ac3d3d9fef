import { MAX_LABELS, PRINTABLE_TEXT } from '../wire/text-limits.ts';

/** Most bytes the labels of an agent may take as JSON: an announcement holds 512 in all. */
export const MAX_LABELS_BYTES = 256;

const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;

export type Labels = Readonly<Record<string, string>>;

/**
 * Reads labels: `k=v`, `k=v,k2=v2`, an array of such texts, or an object of texts. Returns null when a key is no
 * identifier or is given twice, a value is not 1 to 63 printable characters, or the limits are passed.
 */
export function parseLabels(input: unknown): Labels | null {
  const pairs = pairsOf(input);
  if (pairs === null || pairs.length > MAX_LABELS) return null;
  const labels = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (!KEY.test(key) || !PRINTABLE_TEXT.test(value) || labels.has(key)) return null;
    labels.set(key, value);
  }
  const result = Object.fromEntries(labels);
  return Buffer.byteLength(JSON.stringify(result)) <= MAX_LABELS_BYTES ? result : null;
}

function pairsOf(input: unknown): [string, string][] | null {
  if (typeof input === 'string') return pairsOf([input]);
  if (typeof input !== 'object' || input === null) return null;
  if (!Array.isArray(input)) {
    const entries: [string, unknown][] = Object.entries(input);
    return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string') ? entries : null;
  }
  const pairs: [string, string][] = [];
  for (const text of input as unknown[]) {
    if (typeof text !== 'string') return null;
    for (const item of text.split(',')) {
      const at = item.indexOf('=');
      if (at < 0) return null;
      pairs.push([item.slice(0, at), item.slice(at + 1)]);
    }
  }
  return pairs;
}
