import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A tar that holds a file of this content under the name `token`, as the machine's own `tar` makes it. */
export function tarOfFile(content: string | Uint8Array, format: 'ustar' | 'pax' | 'gnu' = 'ustar'): Uint8Array {
  return tarOf(format, (path) => writeFileSync(path, content));
}

/** A tar that holds a symbolic link. */
export function tarOfLink(to: string): Uint8Array {
  return tarOf('ustar', (path) => symlinkSync(to, path));
}

function tarOf(format: string, make: (path: string) => void): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'netwatch-tar-'));
  try {
    make(join(folder, 'token'));
    return execFileSync('tar', ['-C', folder, `--format=${format}`, '-cf', '-', 'token'], { maxBuffer: 1 << 26 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
