import { listKind, type Kind } from './fields.ts';

/** Most origins that may be allowed. */
const MAX_ORIGINS = 16;

/** Origins of web pages: `https://noc.example.org`, several with commas between them or the flag given several times. */
export const originList: Kind<readonly string[]> = listKind(
  parseOrigins,
  `up to ${MAX_ORIGINS} origins like https://noc.example.org or http://10.0.0.5:8080, without a path`,
);

/** Null when one of them is not an origin exactly as a browser sends it, or they are too many. */
function parseOrigins(input: unknown): readonly string[] | null {
  const given: unknown[] = Array.isArray(input) ? input : [input];
  if (!given.every((item) => typeof item === 'string')) return null;
  const origins = given.flatMap((item) => item.split(',')).filter((item) => item !== '');
  if (origins.length > MAX_ORIGINS || !origins.every(isOrigin)) return null;
  return [...new Set(origins)];
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.parse(text)?.origin === text;
}
