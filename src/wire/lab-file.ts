import * as v from 'valibot';
import { IdSchema } from './bounded-schemas.ts';
import { parseJson } from './json-text.ts';

/** More than any lab has. */
const MAX_AGENTS = 1024;
const MAX_SERVERS = 65_536;

/** What a running lab tells those that control it, in a file that only its user can read; hence snake_case. */
export interface LabFile {
  readonly version: 1;
  /** Of the lab: while it runs, what stands here holds. */
  readonly pid: number;
  /** Of the datacenter's API, without a path. */
  readonly api_url: string;
  /** What stands between its servers and their racks: loopback, or a network namespace for each server. */
  readonly isolation: 'none' | 'netns';
  /** The bearer token of all its control endpoints. */
  readonly token: string;
  /** Those that have a control endpoint. */
  readonly agents: readonly LabAgent[];
  /** Empty without isolation. */
  readonly namespaces: readonly LabNamespace[];
}

/** An agent of a lab, and where it is told what to do to its own network. */
export interface LabAgent {
  readonly rack_id: number;
  readonly server_ids: readonly number[];
  /** Without a path. */
  readonly control_url: string;
  /** `agent-2`. */
  readonly name: string;
}

/** Where a server of a lab stands. */
export interface LabNamespace {
  readonly rack_id: number;
  readonly server_id: number;
  /** Its name, as `ip netns` lists it. */
  readonly namespace: string;
}

const HttpUrlSchema = v.pipe(v.string(), v.url(), v.startsWith('http://'));

/** Of what this release writes and reads. */
const VERSION = 1;

const LabFileSchema: v.GenericSchema<unknown, LabFile> = v.object({
  version: v.literal(VERSION),
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  api_url: HttpUrlSchema,
  isolation: v.picklist(['none', 'netns']),
  token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{32,256}$/)),
  agents: v.pipe(
    v.array(
      v.object({
        rack_id: IdSchema,
        server_ids: v.pipe(v.array(IdSchema), v.maxLength(MAX_SERVERS)),
        control_url: HttpUrlSchema,
        name: v.string(),
      }),
    ),
    v.maxLength(MAX_AGENTS),
  ),
  namespaces: v.pipe(
    v.array(
      v.object({
        rack_id: IdSchema,
        server_id: IdSchema,
        namespace: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
      }),
    ),
    v.maxLength(MAX_SERVERS),
  ),
});

/** The file of a lab as text. */
export function labFileText(file: LabFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads the text of a lab's file; null for what is none. Never throws. */
export function parseLabFile(text: string): LabFile | null {
  const parsed = v.safeParse(LabFileSchema, parseJson(text));
  return parsed.success ? parsed.output : null;
}

/** Why a text is not the file of a lab that this release can use, as a sentence about the file. Never throws. */
export function labFileProblem(text: string): string {
  const value = parseJson(text);
  if (value === undefined) return 'it is cut short or damaged';
  const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
  if (typeof version !== 'number' || version === VERSION) return 'it does not say what the file of a lab says';
  return `it is of another release (version ${version}, this one reads ${VERSION}): use that one, or start the lab anew`;
}
