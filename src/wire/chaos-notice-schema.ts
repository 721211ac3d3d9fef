import * as v from 'valibot';
import { IMPAIRMENT_KINDS, type ImpairmentKind } from '../netem/impairment.ts';
import { IdSchema, PrintableSchema, TimeSchema } from './bounded-schemas.ts';
import { CHAOS_END_REASONS, type ChaosEnd } from './chaos-end.ts';
import type { ChaosNotice } from './chaos-notice.ts';
import { schemaProblem } from './schema-problem.ts';

/** Longest description of an injection. */
export const MAX_DESCRIPTION_CHARACTERS = 512;
/** Most racks of a notice, and most servers of each of them. */
export const MAX_NOTICE_RACKS = 64;
export const MAX_NOTICE_SERVERS_PER_RACK = 256;
/** The longest notice is a list of 64 × 256 servers of five digits each. */
export const MAX_NOTICE_BYTES = 128 * 1024;

/** A notice of which every kind is known: what may become a label. */
export interface KnownChaosNotice extends ChaosNotice {
  readonly kinds: readonly ImpairmentKind[];
}

export type ParsedNotice<T> =
  | { readonly kind: 'notice'; readonly notice: T }
  /** A sentence that names the field, what was given and what is allowed. */
  | { readonly kind: 'problem'; readonly problem: string };

const DESCRIPTION = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${MAX_DESCRIPTION_CHARACTERS}}$`, 'u');
const printable = v.message(PrintableSchema, '1 to 63 printable characters');
const time = v.message(TimeSchema, 'Unix seconds above 0');
/** Of an injection. */
export const InjectionIdSchema = v.message(
  v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  '12 hex digits in lower case',
);

const ServersSchema = v.strictObject(
  {
    rack_id: v.message(IdSchema, 'a rack id from 0 to 65535'),
    server_ids: list(
      v.message(IdSchema, 'a server id from 0 to 65535'),
      MAX_NOTICE_SERVERS_PER_RACK,
      `1 to ${MAX_NOTICE_SERVERS_PER_RACK} server ids`,
    ),
  },
  'rack_id and server_ids',
);

/** The shape of a notice, without what its fields say together. */
export const ChaosNoticeShapeSchema = v.strictObject(
  {
    id: InjectionIdSchema,
    target: printable,
    scope: printable,
    kinds: list(
      v.picklist(IMPAIRMENT_KINDS, `one of ${IMPAIRMENT_KINDS.join(', ')}`),
      IMPAIRMENT_KINDS.length,
      `1 to ${IMPAIRMENT_KINDS.length} kinds of impairment`,
    ),
    description: v.message(
      v.pipe(v.string(), v.regex(DESCRIPTION)),
      `1 to ${MAX_DESCRIPTION_CHARACTERS} printable characters`,
    ),
    servers: list(ServersSchema, MAX_NOTICE_RACKS, `1 to ${MAX_NOTICE_RACKS} racks`),
    began_at: time,
    until: v.message(v.nullable(TimeSchema), 'Unix seconds above 0, or null'),
  },
  'an object of id, target, scope, kinds, description, servers, began_at and until',
);

const ChaosNoticeSchema: v.GenericSchema<unknown, KnownChaosNotice> = v.pipe(
  ChaosNoticeShapeSchema,
  v.forward(
    v.check(({ began_at, until }) => until === null || until > began_at, 'later than began_at, or null'),
    ['until'],
  ),
);

/** Holds the end of an injection to its shape and bounds. */
export const ChaosEndSchema: v.GenericSchema<unknown, ChaosEnd> = v.strictObject(
  {
    id: InjectionIdSchema,
    ended_at: time,
    reason: v.picklist(CHAOS_END_REASONS, `one of ${CHAOS_END_REASONS.join(', ')}`),
  },
  'an object of id, ended_at and reason',
);

/** Holds the body of a begin to its shape and bounds; keys that are not known are refused. */
export function parseChaosNotice(value: unknown): ParsedNotice<KnownChaosNotice> {
  return parse(ChaosNoticeSchema, value);
}

/** The same for the body of an end. */
export function parseChaosEnd(value: unknown): ParsedNotice<ChaosEnd> {
  return parse(ChaosEndSchema, value);
}

function list<T>(item: v.GenericSchema<unknown, T>, maxLength: number, allowed: string) {
  return v.pipe(v.array(item, allowed), v.minLength(1, allowed), v.maxLength(maxLength, allowed));
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): ParsedNotice<T> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { kind: 'notice', notice: parsed.output };
  return { kind: 'problem', problem: schemaProblem(parsed.issues[0]) };
}
