import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../io/listen-error.ts';
import { isProcessRunning, parseProcessStat, type ProcessIdentity } from '../../io/process-identity.ts';
import { parseJson } from '../../wire/json-text.ts';
import type { TargetServer } from '../target.ts';

/** A server in a network namespace, and where the evidence of what was done to it is kept. */
export interface NamespaceServer {
  readonly server: TargetServer;
  readonly namespace: string;
  /** A directory that is there from before the injection until its undo is confirmed. */
  readonly directory: string;
}

type Place = Pick<NamespaceServer, 'namespace' | 'directory'>;

/** What an injector writes down of an injection before it begins. */
export interface Evidence {
  readonly version: 1;
  readonly id: string;
  readonly description: string;
  /** Unix seconds. */
  readonly appliedSeconds: number;
  /** Null: until it is cleared. */
  readonly durationSeconds: number | null;
}

const EvidenceSchema: v.GenericSchema<unknown, Evidence> = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  description: v.string(),
  appliedSeconds: v.number(),
  durationSeconds: v.nullable(v.number()),
});

const OWN_DIRECTORY = 0o700;
const OWN_FILE = 0o600;
/** Begins the name of what is being written or removed. */
const UNFINISHED = '.new-';
const UNFINISHED_MS = 60_000;
/** The end of a log that is read; a holder says a few lines. */
const MAX_LOG_BYTES = 64 * 1024;

/** The script that its watchdog runs. */
export function scriptFile({ directory }: NamespaceServer): string {
  return join(directory, 'holder.sh');
}

/** Gets what its watchdog says. */
export function logFile({ directory }: NamespaceServer): string {
  return join(directory, 'log');
}

/**
 * Lays down what will be needed to undo an injection, and its script: all of it at once.
 * @returns false when there is an injection already
 */
export async function layDownEvidence(of: NamespaceServer, evidence: Evidence, script: string): Promise<boolean> {
  const parent = dirname(of.directory);
  await mkdir(parent, { recursive: true, mode: OWN_DIRECTORY });
  const unfinished = await mkdtemp(join(parent, UNFINISHED));
  try {
    const files = { ...of, directory: unfinished };
    await writeFile(scriptFile(files), `${recordItself(of)}\n${script}`, { mode: OWN_FILE });
    await writeFile(evidenceFile(files), `${JSON.stringify(evidence, null, 2)}\n`, { mode: OWN_FILE });
    // Refused where there is one that has something in it.
    await rename(unfinished, of.directory);
    return true;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Once it is certain that nothing is left: all of it at once, so that nobody reads half of it. Idempotent. */
export async function removeEvidence({ directory }: Place): Promise<void> {
  const removed = join(dirname(directory), `${UNFINISHED}${randomUUID()}`);
  try {
    await rename(directory, removed);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  await rm(removed, { recursive: true, force: true });
}

/** As `removeEvidence`, but leaves that of an injection that has taken the place of this one. */
export async function removeEvidenceOf(of: NamespaceServer, id: string): Promise<void> {
  const evidence = await readEvidence(of);
  if (evidence === 'unreadable' || evidence?.id === id) await removeEvidence(of);
}

/** Removes what is left of injections in namespaces that went with their lab, and of injectors that were killed. */
export async function removeVanished(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  await Promise.all(
    names.map(async (namespace) => {
      const of = { namespace, directory: join(parent, namespace) };
      const isNeeded = namespace.startsWith(UNFINISHED)
        ? await isRecent(of.directory)
        : (await hasNamespace(of)) || (await runningWatchdog(of)) !== null;
      if (!isNeeded) await removeEvidence(of);
    }),
  );
}

/** What is known of an injection; `'unreadable'` when there is something that cannot be read, null when nothing is. */
export async function readEvidence(of: NamespaceServer): Promise<Evidence | 'unreadable' | null> {
  if (!(await exists(of.directory))) return null;
  const parsed = v.safeParse(EvidenceSchema, parseJson(await textOf(evidenceFile(of))));
  return parsed.success ? parsed.output : 'unreadable';
}

/** The watchdog of an injection, whether it runs or not; null when none has begun. */
export async function readWatchdog(of: Place): Promise<ProcessIdentity | null> {
  return parseProcessStat(await textOf(processFile(of)));
}

/** As `readWatchdog`, but null also for one that has ended. */
export async function runningWatchdog(of: Place): Promise<ProcessIdentity | null> {
  const watchdog = await readWatchdog(of);
  return watchdog !== null && (await isProcessRunning(watchdog)) ? watchdog : null;
}

/** The newest of what its watchdog said. */
export async function readLog(of: NamespaceServer): Promise<readonly string[]> {
  try {
    const handle = await open(logFile(of));
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, MAX_LOG_BYTES);
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8').split('\n');
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}

/** Whether there is such a namespace. With it goes all that was done in it. */
export async function hasNamespace({ namespace }: Place): Promise<boolean> {
  return exists(`/run/netns/${namespace}`);
}

function evidenceFile({ directory }: NamespaceServer): string {
  return join(directory, 'injection.json');
}

function processFile({ directory }: Place): string {
  return join(directory, 'process');
}

/**
 * Makes a script write down which process it is before it does anything: an injector that is killed cannot do it, and
 * with the time of its start no later process is taken for it. Where the evidence was removed meanwhile it ends.
 */
function recordItself(of: NamespaceServer): string {
  return `cat "/proc/$$/stat" >'${processFile(of).replaceAll("'", String.raw`'\''`)}' || exit 11`;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function isRecent(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs < UNFINISHED_MS,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
