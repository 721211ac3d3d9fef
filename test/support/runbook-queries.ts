import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);

/** A query that a runbook recommends. */
export interface RunbookQuery {
  readonly page: string;
  readonly expression: string;
  /** What it finds while all is well: what compares finds nothing, and of a fault that a busy machine makes one cannot say. */
  readonly finds: 'something' | 'nothing' | 'either';
}

/** Every query in the tables of the runbooks whose first column is called `query`. */
export function runbookQueries(): readonly RunbookQuery[] {
  const pages = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
  return pages.flatMap((page) => {
    const text = readFileSync(new URL(page, FOLDER), 'utf8');
    return Array.from(text.matchAll(/^\| query .*\n\| -.*\n((?:\|.*\n)+)/gm)).flatMap(([, rows = '']) =>
      Array.from(rows.matchAll(/^\| `([^`]+)`/gm), ([, expression = '']) => ({
        page,
        expression,
        finds: whenWell(expression),
      })),
    );
  });
}

function whenWell(expression: string): RunbookQuery['finds'] {
  if (expression.includes('"observer"')) return 'either';
  return / (?:>|<|==) \d/.test(expression) ? 'nothing' : 'something';
}
