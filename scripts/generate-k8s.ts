// Writes what the manifests in k8s/ take from elsewhere: Prometheus rules and Grafana dashboards for the cluster's own
// monitoring, and the rules as a PrometheusRule. With --check it writes nothing and exits 1 if one of them is not
// current. Exit codes: 0 done, 1 not current or not written, 2 bad usage.

import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const PROJECT = new URL('../', import.meta.url);
const GENERATED = 'k8s/base/monitoring/generated/';
const RULE_FILE = 'k8s/overlays/monitoring-operator/prometheus-rule.yaml';
const USAGE = 'usage: npm run k8s:generate -- [--check]\n';

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly object[] }[];
}

/** What should be in each file that is made, by its path in the project. */
async function kubernetesFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const rules = await filesOf('prometheus/rules/', '.yml');
  for (const [name, text] of [...rules, ...(await filesOf('grafana/dashboards/', '.json'))]) {
    files.set(`${GENERATED}${name}`, text);
  }
  files.set(RULE_FILE, prometheusRule([...rules.values()]));
  return files;
}

/** The rules as the Prometheus operator has them. */
function prometheusRule(texts: readonly string[]): string {
  // oxlint-disable-next-line no-unsafe-type-assertion -- this project's own files, which promtool checks
  const groups = texts.flatMap((text) => (parse(text) as RuleFile).groups);
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'netwatch' },
    spec: { groups },
  };
  return `# Made from prometheus/rules by: npm run k8s:generate\n${stringify(rule, { lineWidth: 0 })}`;
}

/** Texts by their names. */
async function filesOf(folder: string, ending: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(new URL(folder, PROJECT))).filter((name) => name.endsWith(ending)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${folder}${name}`, PROJECT), 'utf8')));
  return new Map(names.map((name, i) => [name, texts[i] ?? '']));
}

/** Paths of files that are not as they would be made now, missing and left over ones included. */
export async function staleFiles(): Promise<readonly string[]> {
  return staleAmong(await kubernetesFiles());
}

async function staleAmong(wanted: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const found = await readdir(new URL(GENERATED, PROJECT)).catch(ifMissing([]));
  const paths = [...new Set([...found.map((name) => `${GENERATED}${name}`), ...wanted.keys()])].toSorted();
  const texts = await Promise.all(
    paths.map((path) => readFile(new URL(path, PROJECT), 'utf8').catch(ifMissing(undefined))),
  );
  return paths.filter((path, n) => texts[n] !== wanted.get(path));
}

/** What is taken for a file or folder that is not there; any other error stays one. */
function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== 'ENOENT') throw error;
    return value;
  };
}

async function run(args: readonly string[]): Promise<number> {
  const isCheck = args.join() === '--check';
  if (args.length > 0 && !isCheck) {
    process.stderr.write(`${args.join(' ')}: allowed is --check, or nothing\n${USAGE}`);
    return 2;
  }
  const wanted = await kubernetesFiles();
  const stale = await staleAmong(wanted);
  if (isCheck && stale.length > 0) {
    process.stderr.write(`not current: ${stale.join(', ')}\nrun: npm run k8s:generate\n`);
    return 1;
  }
  if (!isCheck) await mkdir(new URL(GENERATED, PROJECT), { recursive: true });
  await Promise.all(stale.map((path) => replace(new URL(path, PROJECT), wanted.get(path))));
  process.stdout.write(`${isCheck ? 'current' : 'written'}: ${wanted.size} files, ${stale.length} changed\n`);
  return 0;
}

async function replace(file: URL, text: string | undefined): Promise<void> {
  await (text === undefined ? unlink(file) : writeFile(file, text));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await run(process.argv.slice(2));
