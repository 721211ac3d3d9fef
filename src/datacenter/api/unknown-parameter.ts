import { problem, type HttpResponse } from '../../io/http-response.ts';

const MAX_SHOWN_CHARACTERS = 60;

/**
 * The answer to parameters in the query of what takes none: one with a typing error must not be taken for none. Null when
 * there are none.
 */
export function refuseParameters(query: URLSearchParams): HttpResponse | null {
  const [name] = query.keys();
  if (name === undefined) return null;
  const shown = name.slice(0, MAX_SHOWN_CHARACTERS);
  return problem(400, `${shown} is not known: no parameters are allowed in the query of this operation.`);
}
