import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { type DashboardUid, linksFrom, TITLES } from './links.ts';
import type { PlacedPanel } from './panel.ts';
import { DATACENTER } from './scope.ts';
import { COLOURS } from './status.ts';
import { DATASOURCE, variables } from './variables.ts';

/** Width of Grafana's grid. */
const COLUMNS = 24;

/** Panels under a heading. */
export interface Section {
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
}

interface DashboardOptions {
  readonly uid: DashboardUid;
  readonly description: string;
  readonly variables: Parameters<typeof variables>[0];
  readonly sections: readonly Section[];
}

/** A dashboard with what all of them have: time, refresh, variables, links to the others, and marks where there was chaos. */
export function makeDashboard(options: DashboardOptions): dashboard.Dashboard {
  const { uid, description, sections } = options;
  const builder = new dashboard.DashboardBuilder(TITLES[uid])
    .uid(uid)
    .description(description)
    .tags(['netwatch'])
    .timezone('browser')
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .links(linksFrom(uid).map((link) => ({ build: () => link })))
    .annotations([{ build: chaosAnnotation }])
    .variables([...variables(options.variables)]);
  return { ...builder.build(), editable: false, panels: layOut(sections) };
}

/** Places the panels from left to right and top to bottom, with a heading before each section. */
function layOut(sections: readonly Section[]): (dashboard.Panel | dashboard.RowPanel)[] {
  const placed: (dashboard.Panel | dashboard.RowPanel)[] = [];
  let [x, y, rowHeight] = [0, 0, 0];
  const nextRow = () => {
    y += rowHeight;
    [x, rowHeight] = [0, 0];
  };
  for (const { title, panels } of sections) {
    nextRow();
    placed.push(heading(title, placed.length + 1, y));
    y += 1;
    for (const { width, height, at } of panels) {
      if (x + width > COLUMNS) nextRow();
      placed.push(at({ id: placed.length + 1, x, y }).build());
      x += width;
      rowHeight = Math.max(rowHeight, height);
    }
  }
  return placed;
}

function heading(title: string, id: number, y: number): dashboard.RowPanel {
  return new dashboard.RowBuilder(title).id(id).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).collapsed(false).build();
}

/** Marks the time in which something was broken on purpose. */
function chaosAnnotation(): dashboard.AnnotationQuery {
  const query = new prometheus.DataqueryBuilder()
    .refId('chaos')
    .datasource(DATASOURCE)
    .editorMode(prometheus.QueryEditorMode.Code)
    // Of all the time since the point before: marks are asked for at few points, and what is short would lie between.
    .expr(`max by (target, kind) (max_over_time(netwatch_chaos_active{${DATACENTER}}[$__interval]))`)
    .range();
  const mark = new dashboard.AnnotationQueryBuilder()
    .name('Chaos')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(COLOURS.chaos)
    .target(query)
    .titleFormat('Chaos: {{kind}}')
    .textFormat('{{kind}} is injected on purpose on {{target}}')
    .tagKeys('kind')
    .build();
  // The builder puts its switch into a menu that has to be opened first; without a placement it is seen.
  const { placement: _, ...seen } = mark;
  return seen;
}
