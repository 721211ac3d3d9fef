import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CONTROL_GROUPS = '/sys/fs/cgroup';

/** What the kernel says of the first process of a container. */
export interface ProcessFacts {
  /** Of the real user, as the machine numbers users. */
  readonly userId: number;
  /** Every set of capabilities there is, of which none may have one. */
  readonly capabilities: readonly bigint[];
  readonly mayGainPrivileges: boolean;
  readonly isRootReadOnly: boolean;
}

/** Bytes of memory. */
export interface MemoryFacts {
  /** What the kernel cannot take back: of the processes and of itself for them, without its cache of files. */
  readonly usedBytes: number;
  /** The most there was at a time, the cache of files included. */
  readonly peakBytes: number;
}

/** @param group of the container, from the root of a hierarchy: `netwatch-docker-…/0123…` */
export function firstProcessFacts(group: string): ProcessFacts {
  const processes = readFileSync(join(hierarchy('pids', group), 'cgroup.procs'), 'utf8')
    .trim()
    .split('\n');
  const first = processes.find((pid) => innerPid(statusOf(pid)) === '1');
  if (first === undefined) throw new Error(`no first process among ${processes.join(', ')}`);
  const status = statusOf(first);
  const root = readFileSync(`/proc/${first}/mountinfo`, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[4] === '/');
  return {
    userId: Number(/^Uid:\t(\d+)/m.exec(status)?.[1]),
    capabilities: [...status.matchAll(/^Cap\w+:\t([\da-f]+)$/gm)].map(([, hex]) => BigInt(`0x${hex}`)),
    mayGainPrivileges: !/^NoNewPrivs:\t1$/m.test(status),
    isRootReadOnly: root?.[5]?.split(',').includes('ro') ?? false,
  };
}

/** @param group as above */
export function memoryFacts(group: string): MemoryFacts {
  const folder = hierarchy('memory', group);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const stat = (key: string): number => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(read('memory.stat'))?.[1]);
  if (existsSync(join(folder, 'memory.current'))) {
    const usedBytes = Number(read('memory.current')) - stat('file') + stat('shmem');
    return { usedBytes, peakBytes: Number(read('memory.peak')) };
  }
  const usedBytes = Number(read('memory.usage_in_bytes')) - stat('total_cache') + stat('total_shmem');
  return { usedBytes, peakBytes: Number(read('memory.max_usage_in_bytes')) };
}

/** Where a controller has a group: below its own root in version 1, below the only one in version 2. */
function hierarchy(controller: string, group: string): string {
  const own = join(CONTROL_GROUPS, controller, group);
  return existsSync(own) ? own : join(CONTROL_GROUPS, group);
}

function statusOf(pid: string): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}

/** In the innermost namespace of processes. */
function innerPid(status: string): string | undefined {
  return /^NSpid:.*\t(\d+)$/m.exec(status)?.[1];
}
