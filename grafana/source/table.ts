import * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { type DataLink, toServer } from './links.ts';
import { absolute, type NumberStyle, panelOf, type PanelText, type PlacedPanel } from './panel.ts';

/** A column that one query fills. */
export interface ValueColumn extends Partial<NumberStyle> {
  readonly title: string;
  readonly expr: string;
  /** Paints the cell in the colour of its threshold or word. */
  readonly painted?: boolean;
}

interface TableOptions extends PanelText {
  /** Columns that labels fill, in their order: the label and the title. Ids are numbers, so that 2 comes before 10. */
  readonly labels: Readonly<Record<string, string>>;
  /** Leaves ids the texts that they are: as a number, one that is missing would be 0, and so another's. */
  readonly hasRowsWithoutIds?: boolean;
  readonly values: readonly ValueColumn[];
  /** Title of the column that decides the order. */
  readonly sortedBy: string;
  readonly descending?: boolean;
  /** Titles of columns of values that are only there for their labels. */
  readonly hidden?: readonly string[];
  /** Rows shown; without it all. */
  readonly limit?: number;
  /** Where the cells of a column lead, by its title. */
  readonly links?: Readonly<Record<string, DataLink>>;
}

/** Fills the cell with the colour of its threshold or word. */
const PAINTED = {
  type: common.TableCellDisplayMode.ColorBackground,
  mode: common.TableCellBackgroundDisplayMode.Basic,
};

const ID_LABELS: ReadonlySet<string> = new Set(['rack_id', 'server_id']);

/** A table with a row for each set of labels, and a column for each query. */
export function tableOf({ labels, values, sortedBy, descending = false, ...options }: TableOptions): PlacedPanel {
  const { links = {}, limit, hidden = [], hasRowsWithoutIds = false, ...text } = options;
  const builder = new table.PanelBuilder()
    .transformations(transformations({ labels, values, sortedBy, descending, limit, hidden, hasRowsWithoutIds }))
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(sortedBy).desc(descending)])
    .cellHeight(common.TableCellHeight.Sm)
    .unit('none')
    .noValue('–');
  for (const column of values.filter(({ title }) => !hidden.includes(title)))
    builder.overrideByName(column.title, propertiesOf(column));
  for (const [title, link] of Object.entries(links)) {
    builder.overrideByName(title, [{ id: 'links', value: [link] }]);
  }
  const queries = values.map(({ expr }) => ({ expr }));
  return panelOf(builder, text, { queries, style: 'rows' });
}

type Shape = Pick<TableOptions, 'labels' | 'values' | 'sortedBy'> & {
  readonly descending: boolean;
  readonly limit: number | undefined;
  readonly hidden: readonly string[];
  readonly hasRowsWithoutIds: boolean;
};

/** One table of the answers, with the columns that are wanted. */
function transformations({
  labels,
  values,
  sortedBy,
  descending,
  limit,
  hidden,
  hasRowsWithoutIds,
}: Shape): dashboard.DataTransformerConfig[] {
  // The value of a query is called by its refId only where there are several.
  const valueFields = values.map(({ title }, n): [string, string] => [
    values.length === 1 ? 'Value' : `Value #${String.fromCodePoint(65 + n)}`,
    title,
  ]);
  const columns = [...Object.entries(labels), ...valueFields.filter(([, title]) => !hidden.includes(title))];
  const ids = Object.keys(labels).filter((label) => ID_LABELS.has(label) && !hasRowsWithoutIds);
  return [
    { id: 'merge', options: {} },
    // Only what is named is kept: no column appears by itself when a label is added to a metric.
    { id: 'filterFieldsByName', options: { include: { names: columns.map(([field]) => field) } } },
    ...(ids.length === 0 ? [] : [asNumbers(...ids)]),
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(columns.map(([field], n) => [field, n])),
        renameByName: Object.fromEntries(columns),
      },
    },
    { id: 'sortBy', options: { fields: {}, sort: [{ field: sortedBy, desc: descending }] } },
    ...(limit === undefined ? [] : [{ id: 'limit', options: { limitField: limit } }]),
  ];
}

function asNumbers(...fields: readonly string[]): dashboard.DataTransformerConfig {
  const conversions = fields.map((field) => ({ targetField: field, destinationType: 'number' }));
  return { id: 'convertFieldType', options: { conversions, fields: {} } };
}

function propertiesOf(column: ValueColumn): dashboard.DynamicConfigValue[] {
  const { unit, decimals, min, max, steps, mappings, painted = false } = column;
  const plain = { unit, decimals, min, max, mappings };
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  return [
    ...given.map(([id, value]) => ({ id, value })),
    ...(steps ? [{ id: 'thresholds', value: absolute(steps).build() }] : []),
    ...(painted ? [{ id: 'custom.cellOptions', value: PAINTED }] : []),
  ];
}

interface GridOptions extends PanelText {
  readonly expr: string;
  readonly mappings: readonly dashboard.ValueMapping[];
}

/** What each server is, in a cell of its own: a column for each rack, a row for each server id. */
export function serverGrid({ expr, mappings, ...text }: GridOptions): PlacedPanel {
  // What the matrix calls its first column.
  const rowIds = 'server_id\\rack_id';
  const sort = (field: string) => ({ id: 'sortBy', options: { fields: {}, sort: [{ field }] } });
  const matrix = { columnField: 'rack_id', rowField: 'server_id', valueField: 'Value', emptyValue: 'null' };
  const builder = new table.PanelBuilder()
    .transformations([
      asNumbers('rack_id', 'server_id'),
      // Columns come in the order in which they are met; rows too, and the first rack may lack a server that others have.
      sort('rack_id'),
      { id: 'groupingToMatrix', options: matrix },
      // The matrix calls them texts.
      asNumbers(rowIds),
      sort(rowIds),
    ])
    .cellHeight(common.TableCellHeight.Sm)
    .align(common.FieldTextAlignment.Center)
    .unit('none')
    .noValue('–')
    .overrideByName(rowIds, [{ id: 'displayName', value: 'Server \\ Rack' }])
    .overrideByRegexp('/^\\d+$/', [
      { id: 'mappings', value: mappings },
      { id: 'custom.cellOptions', value: PAINTED },
      // The column is called by the rack, and the first cell of the row by the server.
      { id: 'links', value: [toServer('${__field.name}', '${__data.fields[0]}')] },
    ]);
  return panelOf(builder, text, { queries: [{ expr }], style: 'rows' });
}
