import { open, readdir, rename, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { type LabFile, labFileText } from '../wire/lab-file.ts';
import { messageOf } from './error-text.ts';
import { makePrivateDirectory, privateDirectoryExists, unusableDirectory, userId } from './private-directory.ts';
import { readLabFile } from './read-lab-file.ts';

/** A file that is there until it is removed. */
export interface OwnFile {
  readonly path: string;
  /** Idempotent. */
  remove(): Promise<void>;
}

/** The file of a lab that seems to run, which says nothing. */
export interface UnusableLabFile {
  /** By the name of the file. */
  readonly pid: number;
  readonly path: string;
  /** A sentence about the file: "it is a symbolic link". */
  readonly problem: string;
}

/** `lab-4711.json`, `.token`, `.html` and `.incidents`, and what a lab left behind that died while it wrote one. */
const FILE_NAME = /^lab-(\d{1,10})\.(?:json|token|html|incidents)(?:\.new)?$/;

/** Where the labs of this user say how they are controlled. */
export function labDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_RUNTIME_DIR: runtime = '', TMPDIR: temporary = tmpdir() } = env;
  if (isAbsolute(runtime)) return join(runtime, 'netwatch');
  return join(temporary, `netwatch-${userId() ?? 'labs'}`);
}

/** Where the file of the lab with this process id is, once it runs. */
export function labFilePath(directory: string, pid: number): string {
  return join(directory, `lab-${pid}.json`);
}

/**
 * Writes the file of a lab, at once as a whole, and removes those of labs that do not run any more: their process is
 * gone, or what is to be written stands where they did.
 * @throws Error when the directory or the file cannot be made, or is not this user's alone
 */
export async function writeLabFile(options: { directory: string; file: LabFile }): Promise<OwnFile> {
  const { directory, file } = options;
  const others = (await findLabFiles(directory)).filter(
    ({ pid, api_url: url }) => pid !== file.pid && url === file.api_url,
  );
  const names = others.flatMap(({ pid }) => [
    `lab-${pid}.json`,
    `lab-${pid}.token`,
    `lab-${pid}.html`,
    `lab-${pid}.incidents`,
  ]);
  await Promise.all(names.map((name) => rm(join(directory, name), { recursive: true, force: true })));
  return writeOwn(labFilePath(directory, file.pid), labFileText(file));
}

/**
 * Writes the token of a lab to a file of its own, to be named to the roles.
 * @throws Error as `writeLabFile` does
 */
export async function writeLabToken(options: { directory: string; pid: number; token: string }): Promise<OwnFile> {
  const { directory, pid, token } = options;
  return writeOwn(join(directory, `lab-${pid}.token`), `${token}\n`);
}

/** Where the racks of a lab put their capsules, unless its user says where: a folder that goes when the lab ends. */
export function labIncidents(options: { directory: string; pid: number }): OwnFile {
  const path = join(options.directory, `lab-${options.pid}.incidents`);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Writes a page for a browser of this user, which holds the token.
 * @throws Error as `writeLabFile` does
 */
export async function writeLabPage(options: { directory: string; pid: number; html: string }): Promise<OwnFile> {
  const { directory, pid, html } = options;
  return writeOwn(join(directory, `lab-${pid}.html`), html);
}

/**
 * The files of all labs that run.
 * @throws Error when the directory is not this user's alone: what stands in it cannot be trusted
 */
export async function findLabFiles(directory: string): Promise<readonly LabFile[]> {
  return (await lookForLabFiles(directory)).files;
}

/**
 * The files of all labs that run, and those that cannot be used.
 * @throws Error as `findLabFiles` does
 */
export async function lookForLabFiles(
  directory: string,
): Promise<{ readonly files: readonly LabFile[]; readonly unusable: readonly UnusableLabFile[] }> {
  const files: LabFile[] = [];
  const unusable: UnusableLabFile[] = [];
  if (!(await privateDirectoryExists(directory))) return { files, unusable };
  const names = (await readdir(directory)).filter((name) => FILE_NAME.test(name) && name.endsWith('.json'));
  const reads = await Promise.all(
    names.toSorted().map(async (name) => ({ name, read: await readLabFile(join(directory, name)) })),
  );
  for (const { name, read } of reads) {
    const pid = read?.kind === 'lab' ? read.file.pid : Number(FILE_NAME.exec(name)?.[1]);
    if (read === null || !isRunning(pid)) continue;
    if (read.kind === 'lab') files.push(read.file);
    else unusable.push({ pid, path: join(directory, name), problem: read.problem });
  }
  return { files, unusable };
}

async function writeOwn(path: string, text: string): Promise<OwnFile> {
  const directory = dirname(path);
  await makePrivateDirectory(directory);
  await removeStale(directory);
  const unfinished = `${path}.new`;
  // Left behind by a process of the same id, or a link to elsewhere: neither is written through.
  await rm(unfinished, { force: true });
  try {
    await writeNew(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw unusableDirectory(directory, `cannot be written to (${messageOf(error)})`, error);
  }
  return { path, remove: () => rm(path, { force: true }) };
}

async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

async function removeStale(directory: string): Promise<void> {
  const names = await readdir(directory);
  const stale = names.filter((name) => {
    const pid = FILE_NAME.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  await Promise.all(stale.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

/** Asking for the priority of a process needs no permission and does nothing to it. */
function isRunning(pid: number): boolean {
  try {
    getPriority(pid);
    return true;
  } catch {
    return false;
  }
}
