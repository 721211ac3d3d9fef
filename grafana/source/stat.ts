import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import {
  absolute,
  type NumberStyle,
  panelOf,
  type PanelText,
  type PlacedPanel,
  type Query,
  styleNumbers,
} from './panel.ts';
import { COLOURS } from './status.ts';

/** A query whose numbers are written otherwise than the panel's. */
export interface StatQuery extends Query {
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly steps?: readonly dashboard.Threshold[];
  readonly unit?: string;
  readonly decimals?: number;
}

interface StatOptions extends PanelText, NumberStyle {
  readonly queries: readonly StatQuery[];
  /** Written when there is no answer. */
  readonly noValue?: string;
}

/** Big numbers of now, each with its name. */
export function stats({ queries, noValue = 'no data', ...options }: StatOptions): PlacedPanel {
  const reduce = new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false);
  const builder = new stat.PanelBuilder()
    .reduceOptions(reduce)
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(common.BigValueGraphMode.None)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .textMode(common.BigValueTextMode.ValueAndName)
    .orientation(common.VizOrientation.Auto)
    .wideLayout(true)
    .noValue(noValue);
  styleNumbers(builder, options);
  for (const [n, query] of queries.entries()) {
    const properties = overridesOf(query);
    if (properties.length > 0) builder.overrideByQuery(String.fromCodePoint(65 + n), properties);
  }
  return panelOf(builder, options, { queries, style: 'now' });
}

function overridesOf({ mappings, steps, unit, decimals }: StatQuery): dashboard.DynamicConfigValue[] {
  return [
    ...(mappings ? [{ id: 'mappings', value: mappings }] : []),
    ...(steps ? [{ id: 'thresholds', value: absolute(steps).build() }] : []),
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
  ];
}

interface TimelineOptions extends PanelText {
  readonly queries: readonly Query[];
  /** Words and colours of the values. */
  readonly mappings: readonly dashboard.ValueMapping[];
}

/**
 * A bar of states over time for each series, with the words in the bars. Neighbours make one bar only if they are the
 * same number: a query gives the number of a state, and no measure.
 */
export function timeline({ queries, mappings, ...text }: TimelineOptions): PlacedPanel {
  // The words bring their colours and make the legend: a scale would have none, thresholds one of their own numbers.
  const colour = new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Fixed).fixedColor(COLOURS.unknown);
  const builder = new statetimeline.PanelBuilder()
    .colorScheme(colour)
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto)
    .alignValue(common.TimelineValueAlignment.Left)
    .rowHeight(0.85)
    .fillOpacity(80)
    .lineWidth(0)
    .perPage(32)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single));
  styleNumbers(builder, { unit: 'none', mappings });
  return panelOf(builder, text, { queries, style: 'series' });
}
