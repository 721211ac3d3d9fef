import * as common from '@grafana/grafana-foundation-sdk/common';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { DataLink } from './links.ts';
import { type NumberStyle, panelOf, type PanelText, type PlacedPanel, type Query, styleNumbers } from './panel.ts';

/** A query and where its lines lead: they need the labels that the link refers to. */
interface GraphQuery extends Query {
  readonly link?: DataLink;
}

interface GraphOptions extends PanelText, NumberStyle {
  readonly queries: readonly GraphQuery[];
  /** Lines, or areas on top of each other for parts of a whole. */
  readonly stacked?: boolean;
}

/** Lines over time. The legend is a table with the worst line first. */
export function graph({ queries, stacked = false, ...options }: GraphOptions): PlacedPanel {
  const legend = new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.Table)
    .placement(common.LegendPlacement.Bottom)
    .calcs(['lastNotNull', 'max'])
    .sortBy('Max')
    .sortDesc(true);
  const tooltip = new common.VizTooltipOptionsBuilder()
    .mode(common.TooltipDisplayMode.Multi)
    // oxlint-disable-next-line unicorn/no-array-sort -- an option of the tooltip, not an array
    .sort(common.SortOrder.Descending);
  const builder = new timeseries.PanelBuilder().legend(legend).tooltip(tooltip).lineWidth(1);
  // A point without neighbours is no line: it is seen as a point.
  builder.showPoints(common.VisibilityMode.Auto).fillOpacity(stacked ? 40 : 5);
  if (stacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (options.steps) {
    const style = new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed);
    builder.thresholdsStyle(style);
  }
  styleNumbers(builder, options);
  // As an override, because the builder's own links are those of dashboards, which are more than those of values.
  for (const [n, { link }] of queries.entries()) {
    if (link) builder.overrideByQuery(String.fromCodePoint(65 + n), [{ id: 'links', value: [link] }]);
  }
  return panelOf(builder, options, { queries, style: 'series' });
}

interface HeatmapOptions extends PanelText {
  /** The buckets of a histogram, summed by `le`. */
  readonly expr: string;
  /** Of the buckets' bounds. */
  readonly unit: string;
}

/** A histogram over time: the stronger the colour, the more fell into that bucket. */
export function heatmapOf({ expr, unit, ...text }: HeatmapOptions): PlacedPanel {
  const colour = new heatmap.HeatmapColorOptionsBuilder()
    .mode(heatmap.HeatmapColorMode.Scheme)
    // Its brightness alone tells it all.
    .scheme('Cividis')
    .exponent(0.5)
    .steps(64)
    .reverse(false);
  const builder = new heatmap.PanelBuilder()
    .calculate(false)
    .color(colour)
    .cellGap(1)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(unit).axisPlacement(common.AxisPlacement.Left))
    .unit(unit)
    // The unit above is that of the bounds; in a cell is how many there were.
    .cellValues(new heatmap.CellValuesBuilder().unit('short').decimals(0))
    .showLegend();
  return panelOf(builder, text, { queries: [{ expr, legend: '{{le}}' }], style: 'heatmap' });
}
