import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../grafana/dashboards/', import.meta.url);

/** A question of a panel or annotation. */
export interface PanelTarget {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: { readonly uid: string };
  readonly format?: string;
}

export interface CommittedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly PanelTarget[];
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly {
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
