import * as v from 'valibot';
import { refuseMediaType } from '../../io/control-refusals.ts';
import { problem, type HttpResponse } from '../../io/http-response.ts';
import type { HttpHandler, HttpRequest, HttpRoutes } from '../../io/http-router.ts';
import { parseJsonBytes } from '../../wire/json-bytes.ts';
import { schemaProblem } from '../../wire/schema-problem.ts';
import type { Access } from './access.ts';
import type { AnyOperation, OperationRequest } from './operation.ts';
import { refuseParameters } from './unknown-parameter.ts';

type Checked =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'refused'; readonly answer: HttpResponse };

/**
 * The routes of a table of operations. Each first asks whether this may be done, then holds path, query and body to
 * their schemas; what is wrong is answered with problem details that name what it is, what was given and what is allowed.
 */
export function createOperationRoutes(operations: readonly AnyOperation[], access: Access): HttpRoutes {
  return Object.fromEntries(operations.map((operation) => [operation.route, handlerOf(operation, access)]));
}

function handlerOf(operation: AnyOperation, access: Access): HttpHandler {
  const { handle } = operation;
  return (request) => {
    const stranger = access[operation.access](request.content);
    if (stranger !== null) return stranger;
    const path = check(operation.path, request.params);
    if (path.kind === 'refused') return path.answer;
    const query = checkQuery(operation, request.query);
    if (query.kind === 'refused') return query.answer;
    const body = checkBody(operation, request);
    if (body.kind === 'refused') return body.answer;
    const asked = { path: path.value, query: query.value, body: body.value, request };
    // oxlint-disable-next-line no-unsafe-type-assertion -- the operation's own schemas have just said so
    return handle(asked as OperationRequest<never, never, never>);
  };
}

/** Says of which parameter it speaks, also where one of a list is wrong. */
function checkQuery({ query: schema }: AnyOperation, query: URLSearchParams): Checked {
  if (schema !== undefined) return check(schema, parametersOf(query), ofParameter);
  const answer = refuseParameters(query);
  return answer === null ? { kind: 'value', value: undefined } : { kind: 'refused', answer };
}

/** The path of a problem is the name of the parameter; what was given is the part of it that is wrong. */
function ofParameter(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const [parameter] = issue.path ?? [];
  const value: unknown = issue.path?.at(-1)?.value;
  return parameter === undefined ? issue : { ...issue, path: [{ ...parameter, value }] };
}

function checkBody({ body: schema }: AnyOperation, { content }: HttpRequest): Checked {
  if (schema === undefined) return { kind: 'value', value: undefined };
  const badMediaType = refuseMediaType(content);
  if (badMediaType !== null) return { kind: 'refused', answer: badMediaType };
  const value = parseJsonBytes(content.body);
  if (value === undefined) return { kind: 'refused', answer: problem(400, 'The body is not JSON.') };
  return check(schema, value);
}

function check(
  schema: v.GenericSchema | undefined,
  value: unknown,
  shown: (issue: v.BaseIssue<unknown>) => v.BaseIssue<unknown> = (issue) => issue,
): Checked {
  if (schema === undefined) return { kind: 'value', value: undefined };
  const checked = v.safeParse(schema, value, { abortEarly: true });
  if (checked.success) return { kind: 'value', value: checked.output };
  return { kind: 'refused', answer: problem(400, schemaProblem(shown(checked.issues[0]))) };
}

/** A parameter that is given several times is a list, which no schema takes. */
function parametersOf(query: URLSearchParams): Readonly<Record<string, string | readonly string[]>> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = '', ...more] = query.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
