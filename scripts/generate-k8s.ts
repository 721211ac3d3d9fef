// Writes what the manifests in k8s/ take from elsewhere: Prometheus rules and Grafana dashboards for the cluster's own
// monitoring, and the rules as a PrometheusRule. With --check it writes nothing and exits 1 if one of them is not current.
// Exit codes: 0 done, 1 not current or not written, 2 bad usage.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const PROJECT = new URL('../', import.meta.url);
const GENERATED = 'k8s/base/monitoring/generated/';
const RULE_FILE = 'k8s/overlays/monitoring-operator/prometheus-rule.yaml';
const USAGE = 'usage: npm run k8s:generate -- [--check]\n';

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly object[] }[];
}

/** Every file that is made, by its path in the project, and what is in it. */
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

async function filesOf(folder: string, ending: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(new URL(folder, PROJECT))).filter((name) => name.endsWith(ending)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${folder}${name}`, PROJECT), 'utf8')));
  return new Map(names.map((name, i) => [name, texts[i] ?? '']));
}

/** Paths of the files that are not what they would be if they were made now. */
export async function staleFiles(): Promise<readonly string[]> {
  const files = [...(await kubernetesFiles())];
  const present = await Promise.all(files.map(([path]) => presentText(path)));
  return files.flatMap(([path, text], n) => (present[n] === text ? [] : [path]));
}

/** What there is of a file; null when there is none. */
async function presentText(path: string): Promise<string | null> {
  return readFile(new URL(path, PROJECT), 'utf8').catch(() => null);
}

async function run(args: readonly string[]): Promise<number> {
  const isCheck = args.join() === '--check';
  if (args.length > 0 && !isCheck) {
    process.stderr.write(`${args.join(' ')}: allowed is --check, or nothing\n${USAGE}`);
    return 2;
  }
  const changed = await staleFiles();
  if (isCheck && changed.length > 0) {
    process.stderr.write(`not current: ${changed.join(', ')}\nrun: npm run k8s:generate\n`);
    return 1;
  }
  const files = await kubernetesFiles();
  if (!isCheck) {
    await mkdir(new URL(GENERATED, PROJECT), { recursive: true });
    await Promise.all(changed.map((path) => writeFile(new URL(path, PROJECT), files.get(path) ?? '')));
  }
  process.stdout.write(`${isCheck ? 'current' : 'written'}: ${files.size} files, ${changed.length} changed\n`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await run(process.argv.slice(2));
