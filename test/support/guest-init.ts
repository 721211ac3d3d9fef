/** What a guest of {@link runInGuest} is to run. */
export interface GuestWork {
  /** A shell script, run in the project's folder. */
  readonly script: string;
  /** Kernel modules it needs. */
  readonly modules: readonly string[];
  /** The folder of all modules of the kernel; null: it has what it needs within, and none is loaded. */
  readonly modulesFolder: string | null;
  /** The folder in which results are left, on the host's files. */
  readonly resultFolder: string;
  readonly projectFolder: string;
  /** The folder of the `node` to use. */
  readonly nodeFolder: string;
  /** Set for the script; names and values of any text. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The first process of a guest: mounts what a system has, loads modules, runs the script with its output in a file,
 * leaves its exit code beside it, and powers off. Everything that it may write to is its own, but the results.
 */
export function guestInit(work: GuestWork): string {
  const { environment } = work;
  const result = quoted(work.resultFolder);
  return `#!/bin/sh
exec </dev/null
export PATH=${quoted(work.nodeFolder)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/run/home TMPDIR=/run/tmp XDG_RUNTIME_DIR=/run/user TERM=dumb
${Object.entries(environment)
  .map(([name, value]) => `export ${name}=${quoted(value)}`)
  .join('\n')}
result=${result}
begin() {
  mount -t proc proc /proc &&
    mount -t sysfs sysfs /sys &&
    mount -t tmpfs tmpfs /run &&
    mkdir -p /run/home /run/tmp /run/user /run/netns &&
    chmod 700 /run/user || return
${loadModules(work)}
  ip link set lo up && cd ${quoted(work.projectFolder)}
}
# What is written stays in this kernel's memory for a while, and is lost when it is killed.
while sleep 1; do sync; done &
{ begin && sh "$result/script"; } >"$result/output" 2>&1
echo $? >"$result/code"
sync
busybox poweroff -f
`;
}

function loadModules({ modules, modulesFolder }: GuestWork): string {
  if (modulesFolder === null) return '';
  return `  mkdir -p /run/mods/lib && ln -s ${quoted(modulesFolder)} /run/mods/lib/modules || return
  for module in ${modules.map(quoted).join(' ')}; do modprobe -d /run/mods "$module" || return; done`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
