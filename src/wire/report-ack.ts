import * as v from 'valibot';
import { BootIdSchema, CountSchema } from './bounded-schemas.ts';
import { parseJson } from './json-text.ts';

/**
 * A datacenter's answer to a report that carries both numbers: it has this report of that boot id, and whatever it
 * will ever take of those before it. A rack keeps a report until then, and sends it again after a reconnect.
 */
export interface ReportAck {
  readonly type: 'ack';
  readonly boot_id: number;
  readonly sequence: number;
}

const ReportAckSchema: v.GenericSchema<unknown, ReportAck> = v.object({
  type: v.literal('ack'),
  boot_id: BootIdSchema,
  sequence: CountSchema,
});

/** An acknowledgement as a line, without its newline. */
export function encodeReportAck({ boot_id, sequence }: Pick<ReportAck, 'boot_id' | 'sequence'>): string {
  return JSON.stringify({ type: 'ack', boot_id, sequence } satisfies ReportAck);
}

/** Reads one line; null when it is no acknowledgement. Any text is answered, none throws; unknown keys are dropped. */
export function parseReportAck(line: string): ReportAck | null {
  const checked = v.safeParse(ReportAckSchema, parseJson(line));
  return checked.success ? checked.output : null;
}
