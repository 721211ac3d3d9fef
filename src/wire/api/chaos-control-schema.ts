import * as v from 'valibot';
import { IdSchema } from '../bounded-schemas.ts';
import {
  ChaosNoticeShapeSchema,
  InjectionIdSchema,
  MAX_NOTICE_RACKS,
  MAX_NOTICE_SERVERS_PER_RACK,
} from '../chaos-notice-schema.ts';
import type { ChaosStatus, ClearAnswer, InjectRequest } from './chaos-control.ts';

/** Longest value of a fault, and of a duration. */
const MAX_VALUE_CHARACTERS = 100;
/** More than there are kinds of faults. */
const MAX_FAULTS = 16;

const RACKS = `a list of 1 to ${MAX_NOTICE_RACKS} rack ids from 0 to 65535, like [0]`;
const SERVERS = `null for all servers of the racks, or a list of 1 to ${MAX_NOTICE_SERVERS_PER_RACK} server ids, like [0, 3]`;
const INJECT = 'faults as in a scenario, like {"loss": "20%"} or {"delay": "200ms", "jitter": "20ms"}';
const VALUE = 'a value as its flag takes it, such as "200ms", 20 or "1mbit"';
const PULSE = 'null, or {"every": "5s", "for": "300ms"}';
const DURATION = 'how long, at most an hour, like "60s" or "5m"';
const KEYS = 'rack_ids, server_ids, inject, pulse and duration';

const FaultValueSchema = v.union(
  [v.pipe(v.string(VALUE), v.maxLength(MAX_VALUE_CHARACTERS, VALUE)), v.number(VALUE)],
  VALUE,
);

const PulseSchema = v.strictObject({ every: textKind('like "5s"'), for: textKind('like "300ms"') }, PULSE);

/** Holds the body to its shape; whether faults and durations can be done is told when it is tried. */
export const InjectRequestSchema: v.GenericSchema<unknown, InjectRequest> = v.strictObject(
  {
    rack_ids: v.pipe(
      v.array(v.message(IdSchema, 'a rack id from 0 to 65535'), RACKS),
      v.minLength(1, RACKS),
      v.maxLength(MAX_NOTICE_RACKS, RACKS),
    ),
    server_ids: v.nullable(
      v.pipe(
        v.array(v.message(IdSchema, 'a server id from 0 to 65535'), SERVERS),
        v.minLength(1, SERVERS),
        v.maxLength(MAX_NOTICE_SERVERS_PER_RACK, SERVERS),
      ),
    ),
    inject: v.pipe(
      v.record(v.pipe(v.string(), v.maxLength(MAX_VALUE_CHARACTERS, INJECT)), FaultValueSchema, INJECT),
      v.minEntries(1, INJECT),
      v.maxEntries(MAX_FAULTS, INJECT),
    ),
    pulse: v.exactOptional(v.nullable(PulseSchema)),
    duration: textKind(DURATION),
  },
  (issue) => missingText(issue.path?.at(-1)?.key),
);

/** `:id` of an injection in a path. */
export const InjectionPathSchema = v.strictObject({ id: InjectionIdSchema });

/** What is in force. */
export const InjectAnswerSchema = ChaosNoticeShapeSchema;

export const ChaosStatusSchema: v.GenericSchema<unknown, ChaosStatus> = v.strictObject({
  injections: v.array(ChaosNoticeShapeSchema),
  control: v.strictObject({ available: v.boolean(), reason: v.nullable(v.string()) }),
});

export const ClearAnswerSchema: v.GenericSchema<unknown, ClearAnswer> = v.strictObject({
  cleared_ids: v.array(InjectionIdSchema),
});

function textKind(allowed: string) {
  return v.pipe(v.string(allowed), v.minLength(1, allowed), v.maxLength(MAX_VALUE_CHARACTERS, allowed));
}

/** What is allowed for a key that is not there; for one that is not known, the keys that are. */
function missingText(key: unknown): string {
  const allowed: Readonly<Record<string, string>> = {
    rack_ids: RACKS,
    server_ids: SERVERS,
    inject: INJECT,
    duration: DURATION,
  };
  return (typeof key === 'string' ? allowed[key] : undefined) ?? `an object of ${KEYS}`;
}
