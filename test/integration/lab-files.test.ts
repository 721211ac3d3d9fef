import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findLabFiles, labDirectory, lookForLabFiles, writeLabFile, writeLabToken } from '../../src/io/lab-files.ts';
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

test(
  'a full disk is told with its place and what to do, and nothing half-written stays',
  { skip: (process.platform !== 'linux' || process.getuid?.() !== 0) && 'needs root and Linux, to have a full disk' },
  async (context) => {
    const directory = await freshDirectory(context);
    await mkdir(directory, { mode: 0o700 });
    const script = `
      import { readdir } from 'node:fs/promises';
      import { writeLabToken } from ${JSON.stringify(new URL('../../src/io/lab-files.ts', import.meta.url).href)};
      const directory = ${JSON.stringify(directory)};
      await writeLabToken({ directory, pid: process.pid, token: '${TOKEN}' }).catch((error) => console.log(error.message));
      console.log((await readdir(directory)).join());`;
    // The mount goes with the process that sees it.
    const line = 'mount -t tmpfs -o size=8k,mode=700 none "$1"; head -c 8192 /dev/zero >"$1/full"; exec "$2" -e "$3"';
    const child = spawn('unshare', ['--mount', 'sh', '-c', line, 'sh', directory, process.execPath, script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    const place = `the directory ${directory}, where a lab keeps its control token, cannot be written to`;
    const advice = 'make room there, or name another place in XDG_RUNTIME_DIR or TMPDIR';
    assert.equal(output, `${place} (ENOSPC: no space left on device, write): ${advice}\nfull\n`);
  },
);

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
  await mkdir(join(directory, `lab-${pid}.incidents`));
  await writeFile(join(directory, `lab-${pid}.incidents`, 'one.ndjson'), '');
  await writeFile(join(directory, 'notes.json'), '{}');
  assert.deepEqual(await lookForLabFiles(directory), { files: [], unusable: [] });
  await writeFile(join(directory, `lab-${pid}.json`), '{', { mode: 0o600 });
  assert.deepEqual(await lookForLabFiles(directory), { files: [], unusable: [] }, 'a damaged one is of the dead too');
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
  const text = labFileText(labFile());
  const tries: readonly (readonly [RegExp, () => Promise<unknown>])[] = [
    [/^others can use it \(mode 640, needed is 600\)$/, () => chmod(path, 0o640)],
    [/^it does not say what the file of a lab says$/, () => writeFile(path, '{"version":1}')],
    [/^it is of another release \(version 2, /, () => writeFile(path, text.replace('"version": 1', '"version": 2'))],
    [/^it is cut short or damaged$/, () => writeFile(path, text.slice(0, 100))],
    [/^it is a symbolic link$/, () => rm(path).then(() => symlink(elsewhere, path))],
    [/^it is not a regular file$/, () => rm(path).then(() => mkdir(path, { mode: 0o700 }))],
  ];
  for (const [problem, spoil] of tries) {
    // oxlint-disable no-await-in-loop -- one after the other, each on a good file
    assert.equal((await findLabFiles(directory)).length, 1);
    await spoil();
    const { files, unusable } = await lookForLabFiles(directory);
    assert.deepEqual(files, [], problem.source);
    assert.deepEqual(
      unusable.map((one) => [one.pid, one.path]),
      [[process.pid, path]],
    );
    assert.match(unusable[0]?.problem ?? '', problem);
    await rm(path, { recursive: true });
    await writeLabFile({ directory, file: labFile() });
    // oxlint-enable no-await-in-loop
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
    const { files, unusable } = await lookForLabFiles(directory);
    assert.deepEqual(files, [], 'a file of another user');
    assert.equal(unusable[0]?.problem, 'it belongs to another user (id 4711)');
  },
);

test('the directory is in the runtime directory of the user, or else in a temporary one that names the user', () => {
  assert.equal(labDirectory({ XDG_RUNTIME_DIR: '/run/user/7', TMPDIR: '/var/tmp' }), '/run/user/7/netwatch');
  const own = `netwatch-${process.getuid?.() ?? 'labs'}`;
  assert.equal(labDirectory({ TMPDIR: '/var/tmp' }), `/var/tmp/${own}`);
  assert.equal(labDirectory({ XDG_RUNTIME_DIR: 'not/absolute', TMPDIR: '/var/tmp' }), `/var/tmp/${own}`);
  assert.equal(labDirectory({}), join(tmpdir(), own));
});
