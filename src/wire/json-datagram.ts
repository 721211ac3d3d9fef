import * as v from 'valibot';
import type { Sample } from '../core/sample.ts';
import { BootIdSchema, CountSchema, IdSchema } from './bounded-schemas.ts';
import { parseJsonBytes } from './json-bytes.ts';
import type { RejectReason } from './reject-reason.ts';
import { valueFault } from './sample-limits.ts';

/** Longest JSON datagram a rack reads. */
export const MAX_JSON_BYTES = 512;

const SEQUENCE_MODULUS = 2 ** 32;

const FieldsSchema = v.object({
  rack_id: IdSchema,
  server_id: IdSchema,
  seq: CountSchema,
  sent_ts: v.number(),
  wave_sample: v.number(),
  quadrature_sample: v.nullish(v.number(), null),
  boot_id: v.nullish(BootIdSchema, null),
});

/**
 * The JSON form of a sample: `{"rack_id","server_id","seq","sent_ts","wave_sample"}`, `sent_ts` in unix seconds,
 * with `quadrature_sample` and `boot_id` where the sample has them.
 * @throws RangeError when a value is one that no rack would accept.
 */
export function encodeJsonSample(sample: Sample): Buffer {
  const fault = valueFault(sample.sentSeconds, sample.re ?? 0, sample.im);
  if (fault !== null) throw new RangeError(`A sample that no rack would accept: ${fault}`);
  const fields = {
    rack_id: sample.rackId,
    server_id: sample.serverId,
    seq: sample.sequence,
    sent_ts: sample.sentSeconds,
    wave_sample: sample.im,
    ...(sample.re === null ? {} : { quadrature_sample: sample.re }),
    ...(sample.bootId === null ? {} : { boot_id: sample.bootId }),
  };
  return Buffer.from(JSON.stringify(fields));
}

/**
 * Reads the JSON form. Numbers must be numbers and ids integers; keys it does not know are somebody else's and are
 * ignored. `seq` may count past 32 bits and is taken modulo 2³².
 */
export function decodeJsonSample(bytes: Uint8Array): Sample | RejectReason {
  if (bytes.length > MAX_JSON_BYTES) return 'too-long';
  const checked = v.safeParse(FieldsSchema, parseJsonBytes(bytes), { abortEarly: true });
  if (!checked.success) return 'bad-json';
  const fields = checked.output;
  const { sent_ts: sentSeconds, quadrature_sample: re, wave_sample: im } = fields;
  // JSON has no NaN, but 1e999 is a number and infinite.
  const fault = valueFault(sentSeconds, re ?? 0, im);
  if (fault !== null) return fault;
  return {
    rackId: fields.rack_id,
    serverId: fields.server_id,
    bootId: fields.boot_id,
    sequence: fields.seq % SEQUENCE_MODULUS,
    sentSeconds,
    re,
    im,
  };
}
