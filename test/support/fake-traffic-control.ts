import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Prints what `tc` and `ip` of iproute2 6.1 print, from a folder with a file for each device, qdisc and filter. */
const COMMON = `#!/bin/sh
cd "$FAKE_STATE" || exit 9
printf '%s\\n' "\${0##*/} $*" >>log
if [ -e fail ]; then
  read -r pattern <fail
  case "\${0##*/} $*" in $pattern) sed 1d fail >&2; exit 2 ;; esac
fi
`;

const IP = `${COMMON}
list() {
  for name in links/*; do
    read -r kind alias <"$name"
    [ "$1" = all ] || [ "$1" = "$kind" ] || continue
    echo "2: \${name#links/}@if7: <BROADCAST,UP> mtu 1500 qdisc noqueue\\\\    link/ether 02:00:00:00:00:01\${alias:+\\\\    alias $alias}"
  done
}
case "$*" in
'-o link show type ifb') list ifb ;;
'-o link show'*) list all ;;
'link show dev '*) [ -e "links/$4" ] || { echo "Device \\"$4\\" does not exist." >&2; exit 1; } ;;
'link add '*) echo "$5 " >"links/$3" ;;
'link set dev '*' alias '*) echo "ifb $6" >"links/$4" ;;
'link del dev '*) rm "links/$4"; rm -f "root.$4" "leaf.$4" ;;
esac
`;

const TC = `${COMMON}
device=
case "$*" in *' dev '*) device=\${*#* dev }; device=\${device%% *} ;; esac
if [ -n "$device" ] && [ ! -e "links/$device" ]; then echo "Cannot find device \\"$device\\"" >&2; exit 1; fi
put() { # the file, what is printed after "qdisc"
  echo "qdisc $2" >"$1.$device"
}
case "$*" in
'-V') echo 'tc utility, iproute2-6.1.0, libbpf 1.1.2' ;;
'-s qdisc show'*)
  backlog='0b 0p'
  if [ -s waiting ]; then read -r _ <waiting; sed -i 1d waiting; backlog='98b 1p'; fi
  if [ -e "root.$device" ]; then cat "root.$device"; else echo 'qdisc noqueue 0: root refcnt 2 '; backlog='0b 0p'; fi
  echo ' Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) '
  echo " backlog $backlog requeues 0"
  cat "leaf.$device" "ingress.$device" 2>/dev/null ;;
'qdisc del '*' ingress') rm "ingress.$device" ;;
'qdisc del '*' root '*) rm -f "root.$device" "leaf.$device" ;;
'qdisc del '*' parent '*) rm "leaf.$device" ;;
'qdisc '*' handle ffff: ingress') put ingress 'ingress ffff: parent ffff:fff1 ----------------' ;;
'qdisc '*' root handle '*) shift 6; handle=$1; kind=$2; shift 2; put root "$kind $handle root refcnt 2 $*" ;;
'qdisc '*' parent '*) handle=$8; kind=$9; shift 9; put leaf "$kind $handle parent 4e57:2 $*" ;;
'filter show '*) cat "filter.$device" 2>/dev/null ;;
'filter add '*' parent ffff: '*)
  echo "filter protocol all pref 20055 u32 chain 0" >"filter.$device"
  echo "	action order 1: mirred (Egress Redirect to device \${*##* }) stolen" >>"filter.$device" ;;
'filter del '*) rm "filter.$device" ;;
'-batch -') while read -r line; do echo "tc $line" >>log; done ;;
esac
exit 0
`;

/** Stands for the `tc` and `ip` of a machine whose only devices are lo and eth0: no kernel, no privileges. */
export class FakeTrafficControl {
  readonly #folder = mkdtempSync(join(tmpdir(), 'netwatch-tc-'));

  constructor(context: TestContext) {
    context.after(() => rmSync(this.#folder, { recursive: true, force: true }));
    mkdirSync(join(this.#folder, 'links'));
    mkdirSync(join(this.#folder, 'bin'));
    for (const device of ['lo', 'eth0']) this.write(`links/${device}`, 'veth \n');
    for (const [name, text] of Object.entries({ ip: IP, tc: TC })) {
      this.write(`bin/${name}`, text);
      this.executable(`bin/${name}`);
    }
    this.write('log', '');
  }

  /** In which a script finds these instead of the real ones. */
  get environment(): Readonly<Record<string, string>> {
    return { PATH: `${this.folderOfPrograms}:${process.env.PATH ?? ''}`, FAKE_STATE: this.#folder };
  }

  get folderOfPrograms(): string {
    return join(this.#folder, 'bin');
  }

  /** What was changed so far, in order; not what was only looked at. */
  get changes(): string[] {
    const lines = readFileSync(join(this.#folder, 'log'), 'utf8').split('\n');
    return lines.filter((line) => /^(?:tc (?:qdisc|filter)|ip link) (?!show)/.test(line));
  }

  /** What tc shows of a device's root; null: the default. */
  root(device = 'eth0'): string | null {
    const path = join(this.#folder, `root.${device}`);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
  }

  /** Lets commands of this pattern (as of the shell's `case`) fail with this text on stderr. */
  fail(pattern: string, text: string): void {
    this.write('fail', `${pattern}\n${text}\n`);
  }

  /** Lets packets wait when the qdiscs are looked at, so many times. */
  wait(times: number): void {
    this.write('waiting', 'x\n'.repeat(times));
  }

  get stillWaiting(): number {
    return readFileSync(join(this.#folder, 'waiting'), 'utf8').length / 2;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  executable(name: string): void {
    chmodSync(join(this.#folder, name), 0o755);
  }

  remove(name: string): void {
    rmSync(join(this.#folder, name));
  }
}
