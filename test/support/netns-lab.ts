import { execFileSync, spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { createNetnsTarget } from '../../src/chaos/targets/netns.ts';
import type { Target } from '../../src/chaos/target.ts';
import { findLabFiles, labDirectory } from '../../src/io/lab-files.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';
import { type RunningLab, startLab } from './running-lab.ts';

/** A lab in namespaces, and the target that breaks it. */
export interface NetnsLab {
  readonly lab: RunningLab;
  readonly file: LabFile;
  readonly target: Target;
}

/** What this machine lacks for a lab with namespaces, and where to get it; null: nothing. */
export function netnsLacks(): string | null {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'this needs root';
  if (spawnSync('ip', ['-Version']).status !== 0) return 'there is no ip (Debian: iproute2)';
  if (spawnSync('tc', ['-Version']).status !== 0) return 'there is no tc (Debian: iproute2)';
  const name = `nwtry${process.pid}`.slice(0, 15);
  const kinds = ['bridge', 'veth'].filter((kind) => {
    const isMade = spawnSync('ip', ['link', 'add', 'name', name, 'type', kind]).status === 0;
    if (isMade) execFileSync('ip', ['link', 'del', 'dev', name]);
    return !isMade;
  });
  return kinds.length === 0 ? null : `this kernel or process cannot make devices of type ${kinds.join(' and ')}`;
}

/** Starts a lab with namespaces and finds it as an injector would. It ends with the test. */
export async function startNetnsLab(context: TestContext, flags: readonly string[]): Promise<NetnsLab> {
  const lab = await startLab(context, ['--isolation', 'netns', ...flags]);
  const directory = labDirectory({ XDG_RUNTIME_DIR: lab.runtimeDirectory });
  const file = (await findLabFiles(directory)).find(({ pid }) => pid === lab.process.pid);
  if (file === undefined) throw new Error(`no file of the lab in ${directory}`);
  return { lab, file, target: createNetnsTarget({ labFile: file, directory }) };
}

/** Names of the devices and namespaces of a lab with this process id that the kernel has. */
export function remainsOf(labPid: number | undefined): readonly string[] {
  const isOfLab = (name: string): boolean => name.startsWith(`nw${labPid}r`);
  const links = execFileSync('ip', ['-brief', 'link'], { encoding: 'utf8' });
  const namespaces = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return `${links}\n${namespaces}`
    .split('\n')
    .flatMap((line) => line.split(/[ @]/)[0] ?? [])
    .filter(isOfLab);
}

/** The root qdisc of each server of a lab: `tbf 4e57:`, `noqueue 0:`. */
export function qdiscsOf({ namespaces }: LabFile): readonly string[] {
  return namespaces.map(({ namespace }) => {
    const args = ['netns', 'exec', namespace, 'tc', 'qdisc', 'show', 'dev', 'eth0', 'root'];
    const [, kind, handle] = execFileSync('ip', args, { encoding: 'utf8' }).split(' ');
    return `${kind} ${handle}`;
  });
}
