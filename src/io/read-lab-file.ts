import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { type LabFile, labFileProblem, parseLabFile } from '../wire/lab-file.ts';
import { messageOf } from './error-text.ts';
import { errorCode } from './listen-error.ts';
import { isOwn, userId } from './private-directory.ts';

/** What a file of a lab says, or why it cannot be used, as a sentence about it: "it is a symbolic link". */
export type LabFileRead =
  { readonly kind: 'lab'; readonly file: LabFile } | { readonly kind: 'unusable'; readonly problem: string };

const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Absent on Windows, where a file that is linked to is opened like any other. A pipe is not waited for. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads the file of a lab; null when it is not there, or not any more. Never throws. */
export async function readLabFile(path: string): Promise<LabFileRead | null> {
  try {
    return await read(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return null;
    return unusable(code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${messageOf(error)})`);
  }
}

async function read(path: string): Promise<LabFileRead> {
  const handle = await open(path, FLAGS);
  try {
    const wrong = statsProblem(await handle.stat());
    if (wrong !== null) return unusable(wrong);
    const text = await handle.readFile('utf8');
    const file = parseLabFile(text);
    return file === null ? unusable(labFileProblem(text)) : { kind: 'lab', file };
  } finally {
    await handle.close();
  }
}

function statsProblem(stats: Stats): string | null {
  if (!stats.isFile()) return 'it is not a regular file';
  if (stats.uid !== (userId() ?? stats.uid)) return `it belongs to another user (id ${stats.uid})`;
  if (!isOwn(stats)) return `others can use it (mode ${(stats.mode & 0o777).toString(8)}, needed is 600)`;
  return stats.size > MAX_FILE_BYTES ? `it has ${stats.size} bytes, allowed: at most ${MAX_FILE_BYTES}` : null;
}

function unusable(problem: string): LabFileRead {
  return { kind: 'unusable', problem };
}
