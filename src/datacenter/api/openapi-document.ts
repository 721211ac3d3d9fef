import { componentSchemas, jsonSchemaOf, type JsonSchema } from './json-schemas.ts';
import type { OperationDescription } from './operation.ts';

export interface DocumentOptions {
  readonly version: string;
  readonly operations: readonly OperationDescription[];
  /** Whether who reads must show a token. */
  readonly needsApiToken: boolean;
}

const TAGS = [
  { name: 'health', description: 'What is ill, and how it was lately.' },
  { name: 'streams', description: 'What a server sounds like now.' },
  { name: 'events', description: 'What changed, and when.' },
  { name: 'incidents', description: 'The raw arrivals of servers around the beginning of their faults.' },
  { name: 'chaos', description: 'What is broken on purpose.' },
] as const;

const DESCRIPTION = `What the racks of a datacenter hear of their servers.

Times are Unix seconds. Null means: not known. Later releases may add keys to what is answered, so ignore those you do
not know. Every answer that is no success has problem details (RFC 9457), whose \`detail\` says what was wrong, what was
given, what is allowed and what to do.

What changes is told at once over the WebSocket at \`/ws\`.`;

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** The OpenAPI 3.1 document of the operations, made of the schemas that check what they are asked. */
export function createDocument({ version, operations, needsApiToken }: DocumentOptions) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.route.split(' ');
    const place = path.replaceAll(/:(\w+)/g, '{$1}');
    paths[place] = { ...paths[place], [method.toLowerCase()]: describe(operation, needsApiToken) };
  }
  const bearer = { type: 'http', scheme: 'bearer' };
  return {
    openapi: '3.1.0',
    info: {
      title: 'NetWatch datacenter controller',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        apiToken: {
          ...bearer,
          description: 'The token of --api-token-file. That of --control-token-file opens the same.',
        },
        controlToken: { ...bearer, description: 'The token of --control-token-file.' },
      },
    },
  };
}

function describe(operation: OperationDescription, needsApiToken: boolean) {
  const { id, tag, summary, description, path, query, body, access } = operation;
  const parameters = [
    ...(path === undefined ? [] : parametersOf(jsonSchemaOf(path), 'path')),
    ...(query === undefined ? [] : parametersOf(jsonSchemaOf(query), 'query')),
  ];
  const readers = needsApiToken ? [{ apiToken: [] }, { controlToken: [] }] : [];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters,
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(body) } } } }),
    responses: responsesOf(operation, needsApiToken),
    security: access === 'control' ? [{ controlToken: [] }] : readers,
  };
}

function parametersOf({ properties = {} }: JsonSchema, place: 'path' | 'query') {
  return Object.entries(properties).map(([name, schema]) => {
    const { default: initial, description, ...rest } = typeof schema === 'boolean' ? {} : schema;
    // A default is given as the text that a request would have.
    const shown = rest.type === 'integer' && initial !== undefined ? { ...rest, default: Number(initial) } : rest;
    const list = rest.type === 'array' ? { style: 'form', explode: false } : {};
    const about = description === undefined ? {} : { description };
    return { name, in: place, required: place === 'path', ...about, schema: shown, ...list };
  });
}

function responsesOf({ answer, problems, access }: OperationDescription, needsApiToken: boolean) {
  const texts: Record<number, string> = {
    400: 'A parameter or the body is not what is allowed, or a parameter is not known; the detail names it',
    ...((needsApiToken || access === 'control') && { 401: 'The token is missing or not the right one' }),
    ...problems,
  };
  const success = {
    description: answer.description,
    content: { [answer.contentType ?? 'application/json']: { schema: jsonSchemaOf(answer.schema) } },
  };
  const responses: Record<string, unknown> = { [answer.status]: success };
  for (const [status, description] of Object.entries(texts)) responses[status] = { description, content: PROBLEM };
  return responses;
}
