import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { DATASOURCE } from './variables.ts';

/** One question to Prometheus. */
export interface Query {
  readonly expr: string;
  /** Name of the answer's series, with labels as `{{rack_id}}`. */
  readonly legend?: string;
}

/** What every panel has. */
export interface PanelText {
  readonly title: string;
  /** What it shows, how to read it, and why it is empty in a healthy lab where it is. */
  readonly description: string;
  /** Columns, of 24. */
  readonly width: number;
  /** Rows of the grid. */
  readonly height: number;
}

/** How a panel writes numbers. */
export interface NumberStyle {
  /** An id of Grafana's units. */
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: readonly dashboard.Threshold[];
  readonly mappings?: readonly dashboard.ValueMapping[];
}

/** A panel that has its place yet to get. */
export interface PlacedPanel {
  readonly width: number;
  readonly height: number;
  /** The panel at this place. */
  readonly at: (place: { id: number; x: number; y: number }) => Builder<dashboard.Panel>;
}

/** What the builders of all kinds of panels have in common. */
interface AnyPanelBuilder extends Builder<dashboard.Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: { type: string; uid: string }): this;
  targets(targets: Builder<prometheus.Dataquery>[]): this;
  gridPos(place: dashboard.GridPos): this;
}

/** How a query is asked: over the time shown, or for now only, as rows of a table. */
export type QueryStyle = 'series' | 'now' | 'rows' | 'heatmap';

/** Gives a panel its text, queries (refIds A, B, …) and place. */
export function panelOf(
  builder: AnyPanelBuilder,
  { title, description, width, height }: PanelText,
  { queries, style }: { queries: readonly Query[]; style: QueryStyle },
): PlacedPanel {
  builder.title(title).description(description).datasource(DATASOURCE);
  builder.targets(queries.map((query, n) => target(query, String.fromCodePoint(65 + n), style)));
  const at: PlacedPanel['at'] = ({ id, x, y }) => builder.id(id).gridPos({ x, y, w: width, h: height });
  return { width, height, at };
}

function target({ expr, legend }: Query, refId: string, style: QueryStyle): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder()
    .refId(refId)
    .datasource(DATASOURCE)
    .editorMode(prometheus.QueryEditorMode.Code)
    .expr(expr)
    .legendFormat(legend ?? '__auto');
  const { Table, Heatmap, TimeSeries } = prometheus.PromQueryFormat;
  if (style === 'rows') return query.instant().format(Table);
  if (style === 'now') return query.instant().format(TimeSeries);
  return query.range().format(style === 'heatmap' ? Heatmap : TimeSeries);
}

/** The parts of a number's style that every builder knows. */
interface NumberBuilder {
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
}

/** Applies the style of a panel's numbers. */
export function styleNumbers(builder: NumberBuilder, style: NumberStyle): void {
  builder.unit(style.unit);
  if (style.decimals !== undefined) builder.decimals(style.decimals);
  if (style.min !== undefined) builder.min(style.min);
  if (style.max !== undefined) builder.max(style.max);
  if (style.mappings) builder.mappings([...style.mappings]);
  if (style.steps) builder.thresholds(absolute(style.steps));
}

/** Thresholds at these values. */
export function absolute(steps: readonly dashboard.Threshold[]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([...steps]);
}
