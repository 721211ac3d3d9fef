/** Any other key is quoted: a blank one could not be seen. */
const PLAIN_KEY = /^[\w-]+$/;
/** Keys whose values are lists of steps. */
const LISTS: ReadonlySet<string> = new Set(['steps', 'parallel']);

/**
 * A place in a scenario for people, who count steps from 1: `step 2.1: inject.loss` for the path
 * `steps, 1, parallel, 0, inject, loss`.
 */
export function placeText(path: readonly (string | number)[]): string {
  const numbers: number[] = [];
  let at = 0;
  for (;;) {
    const [list, index] = [path[at], path[at + 1]];
    if (typeof list !== 'string' || !LISTS.has(list) || typeof index !== 'number') break;
    numbers.push(index + 1);
    at += 2;
  }
  const rest = path.slice(at).reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = PLAIN_KEY.test(key) ? key : JSON.stringify(key);
    return text === '' ? name : `${text}.${name}`;
  }, '');
  const step = numbers.length === 0 ? '' : `step ${numbers.join('.')}`;
  return [step, rest].filter((part) => part !== '').join(': ');
}

/** `2.1` of the second step's first one. */
export function stepLabel(parent: string | null, index: number): string {
  return parent === null ? String(index + 1) : `${parent}.${index + 1}`;
}
