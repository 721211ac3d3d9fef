import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { clusterOf } from '../support/manifest-clusters.ts';
import { mountAt, mountedFiles } from '../support/manifest-files.ts';
import { reached } from '../support/manifest-names.ts';
import { podsOf, podTemplates } from '../support/manifest-pods.ts';
import { byInstance, expectedTargets, type PrometheusFile, targetsOf } from '../support/manifest-targets.ts';

const project = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const compose = (
  parse(project('docker-compose.yml'), { merge: true, maxAliasCount: -1 }) as {
    services: { prometheus: { command: string[] }; grafana: { environment: Record<string, string> } };
  }
).services;
const outside = parse(project('prometheus/prometheus.yml')) as PrometheusFile;

for (const name of ['base', 'lab'] as const) {
  describe(`${name}: Prometheus and Grafana`, { skip }, () => {
    const manifests = clusterOf(name);
    const templates = podTemplates(manifests);
    const pods = podsOf(templates);
    const containerOf = (app: string) => {
      const spec = templates.find(({ labels }) => labels['app'] === app)?.spec;
      const [container] = spec?.containers ?? [];
      assert.ok(spec && container);
      return { spec, container, files: mountedFiles(manifests, spec, container) };
    };
    const jsonOf = (app: string, path: string) => parse(containerOf(app).files.get(path)?.text ?? '') as unknown;
    const own = () => jsonOf('prometheus', '/etc/prometheus/prometheus.yml') as PrometheusFile;

    test('every pod is scraped, once, with the labels that rules and dashboards ask for', () => {
      const jobs = own().scrape_configs.filter((job) => job.kubernetes_sd_configs !== undefined);
      const found = jobs.flatMap((job) => targetsOf(job.job_name, job.relabel_configs ?? [], pods));
      assert.deepEqual(byInstance(found), byInstance(expectedTargets(pods)));
      for (const job of jobs) {
        assert.deepEqual(job.kubernetes_sd_configs, [{ role: 'pod', namespaces: { own_namespace: true } }]);
      }
      const itself = own().scrape_configs.find((job) => job.job_name === 'prometheus');
      assert.deepEqual(itself?.static_configs, [
        { targets: ['localhost:9090'], labels: { instance: 'prometheus', dc_id: '0' } },
      ]);
    });

    test('the rest is that of prometheus/prometheus.yml', () => {
      const rest = ({ global, scrape_configs: jobs }: PrometheusFile) => ({
        global,
        jobs: jobs.map((job) => Object.entries(job).filter(([key]) => !/_sd_configs$|^static_|^relabel_/.test(key))),
      });
      assert.deepEqual(rest(own()), rest(outside));
    });

    test('Prometheus finds its configuration and its rules, and writes on its disk', () => {
      const { spec, container, files } = containerOf('prometheus');
      const { args = [] } = container;
      const flag = (flagName: string) => args.find((arg) => arg.startsWith(`--${flagName}=`))?.split('=')[1] ?? '';
      assert.equal(files.get(flag('config.file'))?.source, 'configMap prometheus: prometheus.yml');
      const rules = own().rule_files.map(
        (glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`),
      );
      assert.deepEqual(
        [...files].flatMap(([path, { source }]) => (rules.some((rule) => rule.test(path)) ? [source] : [])).toSorted(),
        ['configMap prometheus-rules: alerts.yml', 'configMap prometheus-rules: recording.yml'],
      );
      const disk = mountAt(spec, container, flag('storage.tsdb.path'));
      assert.deepEqual([disk?.volume.persistentVolumeClaim?.claimName, disk?.isWritable], ['prometheus', true]);
    });

    test('they are set up as those of docker-compose.yml, but for the password and the size of the disk', () => {
      const { prometheus, grafana } = compose;
      const settings = (args: readonly string[]) => args.filter((arg) => !arg.includes('retention.size='));
      assert.deepEqual(settings(containerOf('prometheus').container.args ?? []), settings(prometheus.command));
      const { GF_SECURITY_ADMIN_PASSWORD: _password, ...same } = grafana.environment;
      const env = (containerOf('grafana').container.env ?? []).flatMap((one) =>
        one.value === undefined ? [] : [[one.name, one.value]],
      );
      assert.deepEqual(Object.fromEntries(env), same);
    });

    test('Grafana finds Prometheus and the dashboards', () => {
      const { spec, container, files } = containerOf('grafana');
      const provisioning = jsonOf('grafana', '/etc/grafana/provisioning/datasources/prometheus.yml') as {
        datasources: { url: string }[];
      };
      const { datasources } = provisioning;
      const provisioned = parse(project('grafana/provisioning/datasources/prometheus.yaml')) as typeof provisioning;
      assert.deepEqual(datasources, provisioned.datasources);
      for (const { hostname, port, protocol } of datasources.map(({ url }) => new URL(url))) {
        assert.equal(protocol, 'http:');
        const reachedPods = reached(manifests, pods, { host: hostname, port: Number(port), protocol: 'TCP' });
        assert.deepEqual(
          reachedPods.map(({ app }) => app),
          ['prometheus'],
        );
      }
      const { providers } = jsonOf('grafana', '/etc/grafana/provisioning/dashboards/netwatch.yml') as {
        providers: { options: { path: string } }[];
      };
      const path = providers[0]?.options.path ?? '';
      assert.equal([...files.keys()].filter((file) => file.startsWith(`${path}/`)).length, 4);
      assert.deepEqual(mountAt(spec, container, '/var/lib/grafana')?.volume.emptyDir !== undefined, true);
    });
  });
}

test("the lab's racks and servers have the labels that those of docker-compose.yml have", { skip }, () => {
  type Listed = readonly { labels: Readonly<Record<string, string>> }[];
  const listed = ['racks', 'servers'].flatMap(
    (file) => JSON.parse(project(`prometheus/targets/${file}.json`)) as Listed,
  );
  const own = expectedTargets(podsOf(podTemplates(clusterOf('lab')))).filter(({ labels }) => labels['rack_id']);
  const text = (labels: Readonly<Record<string, string>>) =>
    ['instance', 'dc_id', 'rack_id', 'server_id'].map((label) => labels[label]).join(' ');
  assert.deepEqual(
    own.map(({ labels }) => text(labels)).toSorted(),
    listed.map(({ labels }) => text(labels)).toSorted(),
  );
});
