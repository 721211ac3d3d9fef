import { text } from '../io/http-response.ts';
import type { HttpRoutes } from '../io/http-router.ts';
import { problemPage } from './problem-page.ts';
import type { Runbooks } from './runbooks.ts';

const NOT_INSTALLED =
  "No runbooks were installed with this datacenter controller: they belong in docs/runbooks beside the program's code.";

/**
 * What the `runbook_url` of an alert leads to. Text, because a browser shows it as it is and so does a terminal. A page
 * also answers to the name of its file, because that is how the pages link to each other.
 */
export function createRunbookRoutes({ index, pages }: Runbooks): HttpRoutes {
  const missing =
    pages.size === 0 ? NOT_INSTALLED : `There is no such runbook. There are: ${[...pages.keys()].join(', ')}.`;
  const answer = (page: string | null) => (page === null ? problemPage(404, missing) : text(page));
  return {
    'GET /runbooks': () => answer(index),
    'GET /runbooks/README.md': () => answer(index),
    'GET /runbooks/:name': ({ params: { name = '' } }) => answer(pages.get(name.replace(/\.md$/, '')) ?? null),
  };
}
