import * as v from 'valibot';

const MAX_SHOWN_CHARACTERS = 60;
const WHOLE = 'the body';

/**
 * What is wrong with a body, as a sentence that names the field, what was given and what is allowed:
 * `servers.0.rack_id is 70000: allowed is a rack id from 0 to 65535.`
 * @param issue of a schema whose messages say what is allowed
 */
export function schemaProblem(issue: v.BaseIssue<unknown>): string {
  const list = listForObject(issue.path ?? []);
  if (list !== null) return `${list} is a list: allowed is an object, as {} around names and values.`;
  // For a key that is not known valibot gives the key itself.
  const isUnknownKey = issue.expected === 'never';
  const path = v.getDotPath(issue) ?? WHOLE;
  // What a check of several fields was given is all of them; its path leads to the one it speaks of.
  const given = isUnknownKey ? 'is not known' : givenText(issue.path ? issue.path.at(-1)?.value : issue.input);
  return `${path.slice(0, MAX_SHOWN_CHARACTERS)} ${given}: allowed is ${issue.message}.`;
}

/** valibot takes a list for an object that lacks all its keys. The name of that list; null when there is none. */
function listForObject(path: readonly v.IssuePathItem[]): string | null {
  const depth = path.findIndex((item) => item.type === 'object' && Array.isArray(item.input));
  if (depth < 0) return null;
  const names = path.slice(0, depth).map(({ key }) => String(key));
  return (names.join('.') || WHOLE).slice(0, MAX_SHOWN_CHARACTERS);
}

function givenText(input: unknown): string {
  if (input === undefined) return 'is missing';
  const text = JSON.stringify(input);
  return `is ${text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`}`;
}
