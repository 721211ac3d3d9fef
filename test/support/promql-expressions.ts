import { globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { committedDashboards, labelValuesOf } from './grafana-dashboards.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RULES = new URL('../../prometheus/rules/', import.meta.url);

/** An expression that somebody shows, alerts on or recommends. */
export interface WrittenExpression {
  /** Where it stands: `netwatch-rack: Score A`, `netwatch-rack: $server`, `rule NAME`, `docs/metrics.md`. */
  readonly place: string;
  readonly expression: string;
  /** Of the panel it fills. */
  readonly description: string | null;
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[];
  }[];
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
  const files = readdirSync(RULES).filter((name) => name.endsWith('.yml'));
  const rules = files.flatMap((file) => {
    const { groups } = parse(readFileSync(new URL(file, RULES), 'utf8')) as RuleFile;
    return groups.flatMap((group) => group.rules);
  });
  const seen = new Map<string, number>();
  return rules.map(({ record, alert, expr }) => {
    const name = record ?? alert ?? 'a rule without a name';
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    const place = number === 1 ? `rule ${name}` : `rule ${name} (${number})`;
    return { place, expression: expr.trim(), description: null };
  });
}

/** What is recorded by a rule, and may be asked for as a metric. */
export function recordedNames(): ReadonlySet<string> {
  const places = ruleExpressions().map(({ place }) => place.slice('rule '.length));
  return new Set(places.filter((name) => name.includes(':')));
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
