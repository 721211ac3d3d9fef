import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Removes the control groups of this name in every hierarchy. @throws Error while one of them has processes */
export function removeControlGroups(root: string, group: string): true {
  for (const path of [join(root, group), ...folders(root).map((name) => join(root, name, group))]) removeGroup(path);
  return true;
}

function removeGroup(path: string): void {
  let inner: string[];
  try {
    inner = folders(path);
  } catch {
    return;
  }
  for (const name of inner) removeGroup(join(path, name));
  rmdirSync(path);
}

function folders(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
