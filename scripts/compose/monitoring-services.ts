import { DATACENTER, GRAFANA_PORT, onLoopback, PROMETHEUS, PROMETHEUS_HOST_PORT, PROMETHEUS_PORT } from './names.ts';
import { block, list, type Part, rows } from './nodes.ts';
import { dependsOn, healthcheck, SERVICE } from './shared-parts.ts';

const PROMETHEUS_IMAGE = 'prom/prometheus:v3.13.3';
const GRAFANA_IMAGE = 'grafana/grafana:12.4.10';

/** It answers queries only once it is ready; `promtool check ready` came after Prometheus 2.42. */
const PROMETHEUS_TEST = ['CMD', 'promtool', 'query', 'instant', `http://127.0.0.1:${PROMETHEUS_PORT}`, 'vector(1)'];
const GRAFANA_TEST = ['CMD', 'curl', '-fsS', '-o', '/dev/null', `http://127.0.0.1:${GRAFANA_PORT}/api/health`];

/** Prometheus with the configuration of this repository. Its own user is nobody, who owns its volume. */
export function prometheusService(): Part {
  return block(
    {
      image: PROMETHEUS_IMAGE,
      mem_limit: '512m',
      cpus: 1,
      pids_limit: 128,
      command: rows(
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/prometheus',
        '--storage.tsdb.retention.time=15d',
        '--storage.tsdb.retention.size=4GB',
      ),
      volumes: rows('./prometheus:/etc/prometheus:ro', 'prometheus-data:/prometheus'),
      ports: list(onLoopback(PROMETHEUS_HOST_PORT, PROMETHEUS_PORT)),
      healthcheck: healthcheck(5, list(...PROMETHEUS_TEST)),
      depends_on: dependsOn({ [DATACENTER]: 'service_healthy' }),
    },
    { merge: SERVICE },
  );
}

/** Grafana with the dashboards of this repository. */
export function grafanaService(): Part {
  return block(
    {
      image: GRAFANA_IMAGE,
      // It keeps files in places of its own besides its volume.
      read_only: false,
      mem_limit: '512m',
      cpus: 1,
      pids_limit: 256,
      environment: block({
        GF_SECURITY_ADMIN_USER: 'admin',
        GF_SECURITY_ADMIN_PASSWORD: 'admin',
        GF_AUTH_ANONYMOUS_ENABLED: 'false',
        GF_USERS_ALLOW_SIGN_UP: 'false',
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
        GF_NEWS_NEWS_FEED_ENABLED: 'false',
        GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      }),
      volumes: rows(
        './grafana/provisioning:/etc/grafana/provisioning:ro',
        './grafana/dashboards:/var/lib/grafana/dashboards:ro',
        'grafana-data:/var/lib/grafana',
      ),
      ports: list(onLoopback(GRAFANA_PORT, GRAFANA_PORT)),
      healthcheck: healthcheck(10, list(...GRAFANA_TEST)),
      depends_on: dependsOn({ [PROMETHEUS]: 'service_healthy' }),
    },
    { merge: SERVICE },
  );
}
