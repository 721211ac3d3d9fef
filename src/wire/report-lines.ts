import * as v from 'valibot';
import type { RackFault, Verdict } from '../core/verdict.ts';
import {
  BootIdSchema,
  CountSchema,
  IdSchema,
  PositiveSchema,
  PrintableSchema,
  RatioSchema,
  TimeSchema,
} from './bounded-schemas.ts';
import { parseJson } from './json-text.ts';
import type { ReportRejectReason } from './reject-reason.ts';
import { RackFaultsSchema, VerdictSchema } from './verdict-schema.ts';

/** Most bytes of a report line, its newline not counted. */
export const MAX_LINE_BYTES = 1024 * 1024;

const MAX_SERVERS = 65_536;
const MAX_DETAIL_CHARACTERS = 200;
/** `,"part":65535,"parts":65536` */
const PART_FIELDS_BYTES = 30;

/** All verdicts of a rack at one moment; the first four fields alone are a report too. */
export interface Report {
  readonly rack_id: number;
  readonly health_score: number | null;
  readonly server_count: number;
  /** Unix seconds on the rack's clock at which the verdicts held, whenever the report is sent. */
  readonly timestamp: number;
  readonly type?: 'report';
  /** Random per rack start. */
  readonly boot_id?: number;
  /** Counts the reports of one boot id; the parts of a report share it. */
  readonly sequence?: number;
  /** How often this rack reports. */
  readonly interval_seconds?: number;
  /** A report whose servers do not fit one line comes as lines 0 to `parts` − 1, each a report of some of the servers. */
  readonly part?: number;
  readonly parts?: number;
  /** Human name of the rack. */
  readonly name?: string;
  /** Version of the rack's software. */
  readonly version?: string;
  /** Changes with the list of capsules that the rack keeps; a rack that says nothing here knows of none. */
  readonly incident_revision?: number;
  /** What came over most of its servers at once; every part has them. */
  readonly faults?: readonly RackFault[];
  readonly servers?: readonly Verdict[];
}

export type ParsedReport =
  | { readonly kind: 'report'; readonly report: Report }
  /** `detail` names the field that is wrong. */
  | { readonly kind: 'rejected'; readonly reason: ReportRejectReason; readonly detail?: string };

const ServerCountSchema = v.pipe(CountSchema, v.maxValue(MAX_SERVERS));

const ReportSchema: v.GenericSchema<unknown, Report> = v.pipe(
  v.object({
    rack_id: IdSchema,
    health_score: v.nullable(RatioSchema),
    server_count: ServerCountSchema,
    timestamp: TimeSchema,
    type: v.exactOptional(v.literal('report')),
    boot_id: v.exactOptional(BootIdSchema),
    sequence: v.exactOptional(CountSchema),
    interval_seconds: v.exactOptional(PositiveSchema),
    part: v.exactOptional(IdSchema),
    parts: v.exactOptional(ServerCountSchema),
    name: v.exactOptional(PrintableSchema),
    version: v.exactOptional(PrintableSchema),
    incident_revision: v.exactOptional(CountSchema),
    faults: v.exactOptional(RackFaultsSchema),
    servers: v.exactOptional(v.pipe(v.array(VerdictSchema), v.maxLength(MAX_SERVERS))),
  }),
  v.check(
    ({ part, parts }) => (part === undefined) === (parts === undefined) && (part ?? -1) < (parts ?? 0),
    'part and parts together, part below parts',
  ),
  v.check(
    ({ rack_id: rackId, servers = [] }) => servers.every((server) => server.rack_id === rackId),
    'servers of no other rack',
  ),
);

/**
 * A report as lines without their newline, each at most `maxLineBytes`: one, or as many as its servers need.
 * @throws RangeError when a single server does not fit a line.
 */
export function encodeReport(report: Report, maxLineBytes: number = MAX_LINE_BYTES): string[] {
  const { servers, ...head } = report;
  const whole = JSON.stringify(report);
  if (servers === undefined || servers.length === 0 || Buffer.byteLength(whole) <= maxLineBytes) return [whole];
  const room = maxLineBytes - Buffer.byteLength(JSON.stringify({ ...head, servers: [] })) - PART_FIELDS_BYTES;
  const groups = group(
    servers.map((server) => JSON.stringify(server)),
    room,
  );
  return groups.map((texts, part) => {
    const start = JSON.stringify({ ...head, part, parts: groups.length }).slice(0, -1);
    return `${start},"servers":[${texts.join(',')}]}`;
  });
}

/** Reads one report line. Any text is answered, none throws; keys that are not known are dropped. */
export function parseReport(line: string): ParsedReport {
  if (line.length > MAX_LINE_BYTES) return { kind: 'rejected', reason: 'too-long' };
  const value = parseJson(line);
  if (value === undefined) return { kind: 'rejected', reason: 'bad-json' };
  const checked = v.safeParse(ReportSchema, value, { abortEarly: true });
  if (checked.success) return { kind: 'report', report: checked.output };
  const [issue] = checked.issues;
  const detail = `${v.getDotPath(issue) ?? 'report'}: expected ${issue.expected ?? issue.message}`;
  return { kind: 'rejected', reason: 'bad-report', detail: detail.slice(0, MAX_DETAIL_CHARACTERS) };
}

/** Packs texts, in order, into groups that with a comma each take at most `room` bytes. */
function group(texts: readonly string[], room: number): string[][] {
  const groups: string[][] = [];
  let current: string[] = [];
  let usedBytes = Infinity;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > room)
      throw new RangeError(`A verdict of ${bytes} bytes does not fit a report line: ${text.slice(0, 80)}`);
    if (usedBytes + bytes > room) {
      current = [];
      groups.push(current);
      usedBytes = 0;
    }
    current.push(text);
    usedBytes += bytes;
  }
  return groups;
}
