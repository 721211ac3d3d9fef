import { readdirSync, readFileSync } from 'node:fs';
import { metricNamesIn } from './promql-names.ts';

const FOLDER = new URL('../../grafana/dashboards/', import.meta.url);

/** A question of a panel or annotation. */
export interface PanelTarget {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: { readonly uid: string };
  readonly format?: string;
}

/** A step from the answers to a table; each kind has some of the options. */
export interface PanelTransformation {
  readonly id: string;
  readonly options: {
    readonly renameByName?: Readonly<Record<string, string>>;
    readonly conversions?: readonly { readonly targetField: string }[];
    readonly sort?: readonly { readonly field: string }[];
    readonly rowField?: string;
    readonly columnField?: string;
  };
}

export interface CommittedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly PanelTarget[];
  readonly datasource?: { readonly uid: string };
  readonly transformations?: readonly PanelTransformation[];
  readonly options?: {
    readonly sortBy?: readonly { readonly displayName: string }[];
    readonly cellValues?: { readonly unit?: string };
  };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly color?: { readonly mode: string } };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options?: unknown };
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
}

export interface CommittedVariable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly sort?: number;
  readonly multi?: boolean;
}

/** What the tests read of a dashboard's JSON. */
export interface CommittedDashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly links: readonly { readonly url: string; readonly keepTime: boolean; readonly includeVars: boolean }[];
  readonly panels: readonly CommittedPanel[];
  readonly templating: { readonly list: readonly CommittedVariable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target: PanelTarget }[] };
}

/** The dashboards as they are committed, with the text of each file. */
export function committedDashboards(): readonly { readonly dashboard: CommittedDashboard; readonly text: string }[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return names.map((name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    return { text, dashboard: JSON.parse(text) as CommittedDashboard };
  });
}

/** The series that `label_values(series, label)` looks at, and the label. @throws Error when it is written otherwise */
export function labelValuesOf(query: CommittedVariable['query']): { series: string; label: string } {
  const text = typeof query === 'string' ? query : query.query;
  const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
  if (series === undefined || label === undefined) throw new Error(`${text}: not label_values(series, label)`);
  return { series, label };
}

/** The metrics that an expression asks for, those of a selector by `__name__` included. */
export function namesIn(expression: string): readonly string[] {
  const selected = Array.from(expression.matchAll(/__name__=~?"([^"]*)"/g), ([, names = '']) => names.split('|'));
  return [...metricNamesIn(expression), ...selected.flat()];
}
