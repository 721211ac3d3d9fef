import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { committedDashboards, labelValuesOf } from './grafana-dashboards.ts';
import { alertRules, recordingRules } from './prometheus-rules.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** An expression that somebody shows, alerts on or recommends. */
export interface WrittenExpression {
  /** Where it stands: `netwatch-rack: Score A`, `netwatch-rack: $server`, `rule NAME`, `docs/metrics.md`. */
  readonly place: string;
  readonly expression: string;
  /** Of the panel it fills. */
  readonly description: string | null;
}

/** Every expression of the dashboards: of panels, of variables (the series they look at) and of annotations. */
export function dashboardExpressions(): readonly WrittenExpression[] {
  return committedDashboards().flatMap(({ dashboard: { uid, panels, templating, annotations } }) => [
    ...panels.flatMap(({ title, description = '', targets = [] }) =>
      targets.map(({ refId, expr }) => ({ place: `${uid}: ${title} ${refId}`, expression: expr, description })),
    ),
    ...templating.list
      .filter(({ type }) => type === 'query')
      .map(({ name, query }) => {
        const { series, label } = labelValuesOf(query);
        return { place: `${uid}: $${name}`, expression: `group by (${label}) (${series})`, description: null };
      }),
    ...annotations.list.map(({ name, target }) => ({
      place: `${uid}: mark ${name}`,
      expression: target.expr,
      description: null,
    })),
  ]);
}

/** Every expression of the rules. Rules of one name are numbered. */
export function ruleExpressions(): readonly WrittenExpression[] {
  const recorded = recordingRules().map(({ record, expr }) => ({ name: record, expr }));
  const alerting = alertRules().map(({ alert, expr }) => ({ name: alert, expr }));
  const seen = new Map<string, number>();
  return [...recorded, ...alerting].map(({ name, expr }) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    const place = number === 1 ? `rule ${name}` : `rule ${name} (${number})`;
    return { place, expression: expr.trim(), description: null };
  });
}

/** Every block of ```promql in the documents, and every query of their tables whose first column is `query`. */
export function documentedExpressions(): readonly WrittenExpression[] {
  return globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(`${ROOT}${file}`, 'utf8');
    const blocks = Array.from(text.matchAll(/^ *```promql\n(.*?)^ *```/gms), ([, block = '']) => block);
    const tables = Array.from(
      text.matchAll(/^ *\| query +\|.*\n *\|[-| ]+\n((?: *\|.*\n)+)/gm),
      ([, rows = '']) => rows,
    );
    const cells = tables.flatMap((rows) => Array.from(rows.matchAll(/^ *\| `((?:[^`])+)`/gm), ([, cell = '']) => cell));
    return [...blocks, ...cells.map((cell) => cell.replaceAll('\\|', '|'))].map((query) => ({
      place: file,
      expression: query.trim().replaceAll(/\s*\n\s*/g, ' '),
      description: null,
    }));
  });
}

/** What is chosen on a dashboard; several as Grafana hands several on. */
export interface Choice {
  readonly datacenter: string;
  readonly rack: readonly string[] | 'all';
  readonly server: readonly string[] | 'all';
}

/** Seconds between scrapes, which the data source is provisioned with, and the time that a dashboard shows at first. */
const [SCRAPE_SECONDS, RANGE_SECONDS] = [2, 900];

/** The expression as Grafana would ask it: with what is chosen, and with the intervals of a dashboard just opened. */
export function substituted(expression: string, { datacenter, rack, server }: Choice): string {
  const values: Readonly<Record<string, string>> = {
    datacenter,
    rack: asPattern(rack),
    server: asPattern(server),
    // The greater of four scrapes, and of a point's distance and a scrape.
    __rate_interval: `${4 * SCRAPE_SECONDS}s`,
    __interval: `${SCRAPE_SECONDS}s`,
    __range: `${RANGE_SECONDS}s`,
  };
  return expression.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`$${name} in ${expression} is no variable`);
    return value;
  });
}

/** "All" is what the variables name as its value; several are a pattern of alternatives. */
function asPattern(chosen: readonly string[] | 'all'): string {
  if (chosen === 'all') return '.*';
  return chosen.length === 1 ? String(chosen[0]) : `(${chosen.join('|')})`;
}
