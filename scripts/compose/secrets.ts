import type { YAMLMap } from 'yaml';
import type { ComposeConfig } from './compose-config.ts';
import { inline, list, rows, sections, type Part } from './nodes.ts';

/** Where the token stands in the datacenter's container; a label of it says so. */
export const TOKEN_FILE = '/run/netwatch/control/token';
/** Where a key that `keys` made stands in the containers of agents and racks. */
const KEY_FILE = '/run/netwatch/key/udp.key';
const TOKEN_VOLUME = 'control-token:/run/netwatch/control';
const KEY_VOLUME = 'udp-key:/run/netwatch/key';

/** 32 bytes in hexadecimal. */
const SECRET_CHARACTERS = 64;

/** How agents and racks come by the key. */
export interface KeySource {
  /** Its path in their containers. */
  readonly path: string;
  readonly volumes: Part;
  readonly secrets: Part;
}

/** The user's own key is a secret of the compose file, a key made by the service `keys` is in a volume. */
export function keySource({ keyFile }: ComposeConfig): KeySource {
  return keyFile === null
    ? { path: KEY_FILE, volumes: list(`${KEY_VOLUME}:ro`), secrets: undefined }
    : { path: '/run/secrets/udp-key', volumes: undefined, secrets: list('udp-key') };
}

/** The datacenter reads the token and writes nothing. */
export function tokenVolumes(): Part {
  return list(`${TOKEN_VOLUME}:ro`);
}

/** The secrets of the whole file: only the user's own key is one. */
export function secretsSection({ keyFile }: ComposeConfig): YAMLMap | undefined {
  return keyFile === null ? undefined : sections({ key: 'udp-key', part: inline({ file: keyFile }) });
}

/** What `keys` may write to. */
export function writableVolumes({ keyFile }: ComposeConfig): Part {
  return rows(...(keyFile === null ? [KEY_VOLUME] : []), TOKEN_VOLUME);
}

/**
 * Makes what is not there yet: 32 random bytes in hexadecimal are a key and a token alike. Nobody but the user of the
 * images can read them, and a file is there whole or not at all: sh itself does not see when `od` fails, hence the count.
 * Compose takes `$$` for a dollar sign.
 */
export function keysScript({ keyFile }: ComposeConfig): string {
  const files = [...(keyFile === null ? [KEY_FILE] : []), TOKEN_FILE];
  return [
    'umask 077',
    `for file in ${files.join(' ')}; do`,
    '  if [ ! -s "$$file" ]; then',
    '    od -An -v -tx1 -N32 /dev/urandom | tr -d " \\n" >"$$file.new"',
    `    if [ "$$(wc -c <"$$file.new")" -ne ${SECRET_CHARACTERS} ]; then`,
    '      echo "$$file was not made: od gave less than 32 bytes of /dev/urandom" >&2',
    '      exit 1',
    '    fi',
    '    mv "$$file.new" "$$file"',
    '  fi',
    'done',
    '',
  ].join('\n');
}

/** Every named volume of the file. */
export function volumeNames({ keyFile }: ComposeConfig): readonly string[] {
  return [...(keyFile === null ? ['udp-key'] : []), 'control-token', 'prometheus-data', 'grafana-data'];
}
