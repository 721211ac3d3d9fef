import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findLabFiles, labDirectory, writeLabFile, writeLabToken } from '../../src/io/lab-files.ts';
import { type LabFile, labFileText, parseLabFile } from '../../src/wire/lab-file.ts';

const TOKEN = 'a'.repeat(64);

/** A lab that runs as long as this test does. */
function labFile(changes: Partial<LabFile> = {}): LabFile {
  return {
    version: 1,
    pid: process.pid,
    api_url: 'http://127.0.0.1:8080',
    isolation: 'none',
    token: TOKEN,
    agents: [{ rack_id: 0, server_ids: [0, 1], control_url: 'http://127.0.0.1:8201', name: 'agent-0' }],
    namespaces: [{ rack_id: 0, server_id: 1, namespace: 'nw-0-1' }],
    ...changes,
  };
}

/** A path in a new folder, where nothing is yet. */
async function freshDirectory(context: TestContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'netwatch-lab-files-'));
  context.after(() => rm(parent, { recursive: true }));
  return join(parent, 'netwatch');
}

async function modeOf(path: string): Promise<string> {
  return ((await lstat(path)).mode & 0o777).toString(8);
}

/** The id of a process that was and is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  assert.ok(child.pid !== undefined);
  return child.pid;
}

test('what is written is found, readable by this user only, and gone once it is removed', async (context) => {
  const directory = await freshDirectory(context);
  assert.deepEqual(await findLabFiles(directory), [], 'no directory is no labs');
  const token = await writeLabToken({ directory, pid: process.pid, token: TOKEN });
  const file = await writeLabFile({ directory, file: labFile() });
  assert.deepEqual(await findLabFiles(directory), [labFile()]);
  assert.equal((await readFile(token.path, 'utf8')).trim(), TOKEN);
  assert.deepEqual(await Promise.all([directory, token.path, file.path].map(modeOf)), ['700', '600', '600']);
  await file.remove();
  await file.remove();
  await token.remove();
  assert.deepEqual(await readdir(directory), []);
});

test('the directory is made with those above it', async (context) => {
  const directory = join(await freshDirectory(context), 'user', 'netwatch');
  await writeLabFile({ directory, file: labFile() });
  assert.deepEqual(await findLabFiles(directory), [labFile()]);
});

test('where nothing can be made, that is said', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
  await assert.rejects(writeLabFile({ directory: '/proc/nowhere/netwatch', file: labFile() }), {
    message: /cannot be made \(ENOENT.*\): name another place/,
  });
});

test('two labs side by side are both found', async (context) => {
  const directory = await freshDirectory(context);
  const [mine, parents] = [labFile(), labFile({ pid: process.ppid, api_url: 'http://127.0.0.1:20001' })];
  await writeLabFile({ directory, file: mine });
  await writeLabFile({ directory, file: parents });
  const byPid = (a: LabFile, b: LabFile): number => a.pid - b.pid;
  assert.deepEqual((await findLabFiles(directory)).toSorted(byPid), [mine, parents].toSorted(byPid));
});

test('files of a lab that died are not found, and the next lab removes them; what is not of a lab it leaves', async (context) => {
  const directory = await freshDirectory(context);
  const pid = await deadPid();
  await mkdir(directory, { mode: 0o700 });
  await writeFile(join(directory, `lab-${pid}.json`), labFileText(labFile({ pid })), { mode: 0o600 });
  await writeFile(join(directory, `lab-${pid}.token`), TOKEN, { mode: 0o600 });
  await writeFile(join(directory, `lab-${pid}.json.new`), '{', { mode: 0o600 });
  await writeFile(join(directory, 'notes.json'), '{}');
  assert.deepEqual(await findLabFiles(directory), []);
  await writeLabFile({ directory, file: labFile() });
  assert.deepEqual((await readdir(directory)).toSorted(), [`lab-${process.pid}.json`, 'notes.json'].toSorted());
});

test('what names a process that runs, at the place of the new lab, is of one whose id was given out again', async (context) => {
  const directory = await freshDirectory(context);
  await writeLabToken({ directory, pid: process.ppid, token: TOKEN });
  await writeLabFile({ directory, file: labFile({ pid: process.ppid }) });
  await writeLabFile({ directory, file: labFile() });
  assert.deepEqual(await readdir(directory), [`lab-${process.pid}.json`]);
});

test('a lab file that is a link, that others may read, or that is no lab file is not taken for one', async (context) => {
  const directory = await freshDirectory(context);
  const { path } = await writeLabFile({ directory, file: labFile() });
  const elsewhere = join(directory, 'elsewhere');
  await writeFile(elsewhere, labFileText(labFile()), { mode: 0o600 });
  const tries: (() => Promise<void>)[] = [
    () => chmod(path, 0o640),
    () => writeFile(path, '{"version":1}'),
    () => writeFile(path, labFileText(labFile()).replace('"version": 1', '"version": 2')),
    () => rm(path).then(() => symlink(elsewhere, path)),
  ];
  for (const spoil of tries) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, each on a good file
    assert.equal((await findLabFiles(directory)).length, 1);
    // oxlint-disable-next-line no-await-in-loop
    await spoil();
    // oxlint-disable-next-line no-await-in-loop
    assert.deepEqual(await findLabFiles(directory), [], String(spoil));
    // oxlint-disable-next-line no-await-in-loop
    await rm(path);
    // oxlint-disable-next-line no-await-in-loop
    await writeLabFile({ directory, file: labFile() });
  }
  assert.deepEqual(parseLabFile(await readFile(elsewhere, 'utf8')), labFile(), 'what a link led to is as it was');
});

test('nothing is written through a link', async (context) => {
  const directory = await freshDirectory(context);
  const victim = `${directory}-victim`;
  await mkdir(directory, { mode: 0o700 });
  await writeFile(victim, 'mine');
  await symlink(victim, join(directory, `lab-${process.pid}.json`));
  await symlink(victim, join(directory, `lab-${process.pid}.json.new`));
  await writeLabFile({ directory, file: labFile() });
  assert.equal(await readFile(victim, 'utf8'), 'mine');
  assert.deepEqual(await findLabFiles(directory), [labFile()]);
});

test('a directory that is a link, a file, or open to others is refused by name, for reading too', async (context) => {
  const directory = await freshDirectory(context);
  const refused = async (problem: RegExp): Promise<void> => {
    const message = new RegExp(`^the directory ${directory}, .* ${problem.source}.*XDG_RUNTIME_DIR`);
    await assert.rejects(writeLabFile({ directory, file: labFile() }), { message });
    await assert.rejects(findLabFiles(directory), { message });
  };
  await mkdir(directory, { mode: 0o700 });
  await chmod(directory, 0o755);
  await refused(/can be used by others \(mode 755, needed is 700\)/);
  await rm(directory, { recursive: true });
  await mkdir(`${directory}-elsewhere`, { mode: 0o700 });
  await symlink(`${directory}-elsewhere`, directory);
  await refused(/is a symbolic link/);
  await rm(directory);
  await writeFile(directory, '');
  await refused(/is not a directory/);
  const below = join(directory, 'netwatch');
  await assert.rejects(writeLabFile({ directory: below, file: labFile() }), {
    message: /netwatch, where a lab keeps its control token, cannot be made \(ENOTDIR.*\): name another place/,
  });
});

test(
  "another user's directory is refused",
  { skip: process.getuid?.() !== 0 && 'needs root to give one away' },
  async (context) => {
    const directory = await freshDirectory(context);
    await mkdir(directory, { mode: 0o700 });
    await chown(directory, 4711, 4711);
    const message = /belongs to another user \(id 4711\)/;
    await assert.rejects(writeLabFile({ directory, file: labFile() }), { message });
    await assert.rejects(findLabFiles(directory), { message });
    await chown(directory, 0, 0);
    const { path } = await writeLabFile({ directory, file: labFile() });
    await chown(path, 4711, 4711);
    assert.deepEqual(await findLabFiles(directory), [], 'a file of another user');
  },
);

test('the directory is in the runtime directory of the user, or else in a temporary one that names the user', () => {
  assert.equal(labDirectory({ XDG_RUNTIME_DIR: '/run/user/7', TMPDIR: '/var/tmp' }), '/run/user/7/netwatch');
  const own = `netwatch-${process.getuid?.() ?? 'labs'}`;
  assert.equal(labDirectory({ TMPDIR: '/var/tmp' }), `/var/tmp/${own}`);
  assert.equal(labDirectory({ XDG_RUNTIME_DIR: 'not/absolute', TMPDIR: '/var/tmp' }), `/var/tmp/${own}`);
  assert.equal(labDirectory({}), join(tmpdir(), own));
});
