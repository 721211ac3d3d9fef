import type { ChaosTargetConfig, TargetName } from '../config/chaos-target.ts';
import { lookForLabFiles, type UnusableLabFile } from '../io/lab-files.ts';
import type { LabFile } from '../wire/lab-file.ts';

/** The labs of this user that run. */
export interface LabsFound {
  /** Not ruled out by --target or --url. */
  readonly meant: readonly LabFile[];
  readonly others: readonly LabFile[];
  /** Labs of which nothing more is known. */
  readonly unusable: readonly UnusableLabFile[];
}

/** @throws Error when the directory is not this user's alone */
export async function findLabs(config: ChaosTargetConfig, labDirectory: string): Promise<LabsFound> {
  const wanted = config.url === null ? null : new URL(config.url).origin;
  const isMeant = (lab: LabFile): boolean =>
    (wanted === null || new URL(lab.api_url).origin === wanted) &&
    (config.target === null || targetOf(lab) === config.target);
  const { files, unusable } = await lookForLabFiles(labDirectory);
  return { meant: files.filter(isMeant), others: files.filter((lab) => !isMeant(lab)), unusable };
}

/** The target that a lab is. */
export function targetOf({ isolation }: LabFile): TargetName {
  return isolation === 'netns' ? 'netns' : 'lab';
}

/** Flags that name labs, to choose from. */
export function urlFlags(labs: readonly LabFile[]): string {
  return labs.map(({ api_url: url }) => `--url ${url}`).join(' or ');
}

/** A lab whose file says nothing, and why. */
export function unusableText({ pid, path, problem }: UnusableLabFile): string {
  return `a lab seems to run as process ${pid}, but its file ${path} cannot be used: ${problem}`;
}

/** That no lab is the one that was named, and what there is. */
export function noSuchLabText(name: 'lab' | 'netns', url: string | null, { others, unusable }: LabsFound): string {
  const where = url === null ? '' : ` with its API at ${url}`;
  const start = name === 'lab' ? 'npm start' : 'netwatch lab --isolation netns';
  const there = others.map((lab) => `one that runs is --target ${targetOf(lab)} ${urlFlags([lab])}`);
  const lines = [...there, ...unusable.map(unusableText)].map((line) => `\n  ${line}`);
  return `no such lab of this user runs here${where}: start one with ${start}${lines.join('')}`;
}

/** Why there is no lab to break when none was asked for by its kind, a line or several. */
export function noLabLines(url: string | null, { others, unusable }: LabsFound): readonly string[] {
  const lines = unusable.map(unusableText);
  if (others.length > 0) return [`no lab that runs has its API at ${url}: there is ${urlFlags(others)}`, ...lines];
  return lines.length > 0 ? lines : ['no lab of this user runs here (start one with npm start)'];
}
