import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { BASE_IMAGE } from './base-image.ts';
import type { DockerEngine } from './docker-engine.ts';

/** Where Debian keeps the certificates that programs trust. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
/** A machine with certificates of its own tells programs of them; those in an image would not know. */
const CERTIFICATE_VARIABLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'] as const;

const NODE_DOCKERFILE = `
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\
 && groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
CMD ["node"]`;

/** As Prometheus' own image has it. */
const PROMETHEUS_DOCKERFILE = `
RUN install -d -o nobody -g nogroup /prometheus
USER nobody
EXPOSE 9090
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]`;

/**
 * Makes what stands in for Node's slim image, because no image can be pulled everywhere: Debian's smallest system with
 * the Node of this process, the machine's npm and certificates, and the user `node`.
 * @param tag the image's own
 */
export async function makeNodeImage(engine: DockerEngine, tag: string): Promise<void> {
  const files = { '/usr/local/bin/node': process.execPath, '/usr/local/lib/node_modules/npm': npmFolder() };
  if (!existsSync(CERTIFICATES)) return makeImage(engine, tag, files, NODE_DOCKERFILE);
  const named = CERTIFICATE_VARIABLES.filter((name) => process.env[name] !== undefined);
  const variables = named.map((name) => `\nENV ${name}=${CERTIFICATES}`).join('');
  return makeImage(engine, tag, { ...files, [CERTIFICATES]: CERTIFICATES }, variables + NODE_DOCKERFILE);
}

/** Makes what stands in for Prometheus' image, with the Prometheus of this machine. @param tag the image's own */
export async function makePrometheusImage(engine: DockerEngine, tag: string): Promise<void> {
  const programs = ['prometheus', 'promtool'].map((name) => [`/bin/${name}`, programFile(name)] as const);
  return makeImage(engine, tag, Object.fromEntries(programs), PROMETHEUS_DOCKERFILE);
}

/**
 * Builds an image of the base and some files.
 * @param files path in the image → file or folder of this machine
 * @param dockerfile its lines after that
 */
async function makeImage(
  engine: DockerEngine,
  tag: string,
  files: Readonly<Record<string, string>>,
  dockerfile: string,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'netwatch-image-'));
  try {
    const copies = Object.entries(files).map(([path, from]) => {
      const copied = join(directory, path);
      mkdirSync(dirname(copied), { recursive: true });
      cpSync(realpathSync(from), copied, { recursive: true });
      // A folder is copied into one that is there: its name is said.
      return `COPY .${path} ${path}`;
    });
    writeFileSync(join(directory, 'Dockerfile'), [`FROM ${BASE_IMAGE}`, ...copies, dockerfile].join('\n'));
    await engine.docker('build', '--quiet', '--tag', tag, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The folder of the npm that this machine runs. */
function npmFolder(): string {
  return join(dirname(realpathSync(programFile('npm'))), '..');
}

/** @throws Error when no folder of the PATH has the program */
function programFile(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${name} is not on the PATH ${folders.join(delimiter)}`);
  return file;
}
