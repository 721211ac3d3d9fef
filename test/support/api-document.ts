import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
  readonly security: readonly unknown[];
}

export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** An operation with where it is. */
export interface PlacedOperation extends DocumentedOperation {
  readonly method: string;
  readonly path: string;
}

export function operationsOf({ paths }: ApiDocument): readonly PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/**
 * Holds answers to what the document says of them: their status, their media type and their body. An object must have no
 * key that the document does not tell of, which it allows only because later releases may.
 */
export function answerCheck(document: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ ...closed(document), $id: 'document' }, 'document');
  const checks = new Map<string, ValidateFunction>();
  return ({ method, path, responses }: PlacedOperation, status: number, mediaType: string, body: unknown): string[] => {
    const response = responses[status];
    if (response === undefined) return [`status ${status} is not documented: ${JSON.stringify(body)}`];
    if (!(mediaType in response.content)) return [`media type ${mediaType} is not documented`];
    const place = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', mediaType, 'schema'];
    const pointer = `document#/${place.map(escape).join('/')}`;
    const check = checks.get(pointer) ?? ajv.compile({ $ref: pointer });
    checks.set(pointer, check);
    return check(body) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  };
}

function escape(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** The same in which every object has only the keys it tells of. */
function closed<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => closed(item)) as T;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, closed(item)]));
  const isOpen = copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy);
  return (isOpen ? { ...copy, additionalProperties: false } : copy) as T;
}
