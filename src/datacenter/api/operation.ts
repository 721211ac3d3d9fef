import type { GenericSchema } from 'valibot';
import type { HttpRequest } from '../../io/http-router.ts';
import type { HttpResponse } from '../../io/http-response.ts';

/** What is asked of an operation, checked by its schemas. */
export interface OperationRequest<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly request: HttpRequest;
}

/**
 * What is known of an operation without doing it: of this the OpenAPI document is made.
 *
 * Path and query parameters are checked as texts; their schemas may turn them into numbers. A query is held to a
 * `strictObject`, so that a parameter that is not known is refused.
 */
export interface OperationDescription<Path = unknown, Query = unknown, Body = unknown> {
  /** `GET /api/v1/racks/:rack`. */
  readonly route: string;
  /** `getRack`. */
  readonly id: string;
  readonly tag: 'health' | 'streams' | 'events' | 'incidents' | 'chaos';
  /** A few words. */
  readonly summary: string;
  /** Markdown, for those who read the document. */
  readonly description?: string;
  readonly path?: GenericSchema<unknown, Path>;
  readonly query?: GenericSchema<unknown, Query>;
  readonly body?: GenericSchema<unknown, Body>;
  /** What it answers when it is done. */
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly schema: GenericSchema;
    /** Of the answer, where it is not one value as JSON; the schema is then of its text. */
    readonly contentType?: string;
  };
  /** Statuses it answers with problem details (RFC 9457), besides 400 and 401, with what each means. */
  readonly problems: Readonly<Record<number, string>>;
  /** `read`: the token of the API, if there is one. `control`: the control token. */
  readonly access: 'read' | 'control';
}

/** One operation of the API. Routes, their checks and the OpenAPI document are made of the same table of these. */
export interface Operation<Path = never, Query = never, Body = never> extends OperationDescription<Path, Query, Body> {
  readonly handle: (asked: OperationRequest<Path, Query, Body>) => HttpResponse | Promise<HttpResponse>;
}

/** An operation of which nobody knows any more what its schemas give: what a table has. Every `Operation` is one. */
export interface AnyOperation extends OperationDescription {
  readonly handle: Operation['handle'];
}
