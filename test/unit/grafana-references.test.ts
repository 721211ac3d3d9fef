import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXPECTED_OF_DASHBOARDS } from '../support/expected-dashboards.ts';
import { type CommittedPanel, committedDashboards, labelValuesOf, namesIn } from '../support/grafana-dashboards.ts';

// What Grafana says nothing of: a name in a panel that nothing bears is passed over in silence.

const DASHBOARDS = committedDashboards();
const panels = DASHBOARDS.flatMap(({ dashboard: { uid, panels: own } }) =>
  own.map((panel) => ({ ...panel, uid, where: `${uid}: ${panel.title}` })),
);
const tables = panels.filter(({ type }) => type === 'table');

/** The names of a table's columns after its transformations; of a matrix the one that is always there. */
function columnsOf({ transformations = [] }: CommittedPanel): readonly string[] {
  return transformations.flatMap(({ id, options }) => {
    if (id === 'organize') return Object.values(options.renameByName ?? {});
    return id === 'groupingToMatrix' ? [`${options.rowField}\\${options.columnField}`] : [];
  });
}

/** The labels of the answers to each question, by its refId; one with a question mark may be missing. */
function labelsOf({ where, targets = [] }: (typeof panels)[number]): ReadonlyMap<string, readonly string[]> {
  return new Map(targets.map(({ refId }) => [refId, EXPECTED_OF_DASHBOARDS.get(`${where} ${refId}`)?.labels ?? []]));
}

test('what a table styles, sorts by and links with is one of its columns', () => {
  assert.ok(tables.length >= 8, `${tables.length}`);
  for (const panel of tables) {
    const { where, transformations = [], fieldConfig, options } = panel;
    const columns = columnsOf(panel);
    assert.ok(columns.length > 0, where);
    const styled = (fieldConfig?.overrides ?? []).filter(({ matcher }) => matcher.id === 'byName');
    const last = transformations.findLast(({ id }) => id === 'sortBy');
    const used = [
      ...styled.map(({ matcher }) => matcher.options),
      ...(last?.options.sort ?? []).map(({ field }) => field),
      ...(options?.sortBy ?? []).map(({ displayName }) => displayName),
      ...Array.from(JSON.stringify(fieldConfig).matchAll(/\$\{__data\.fields\.([^}]+)\}/g), ([, name]) => name),
    ];
    assert.ok(used.length > 0, where);
    for (const name of used) assert.ok(columns.includes(String(name)), `${where} has no column ${String(name)}`);
  }
});

test('a column is a label that a question answers with, and an id made a number is in every row', () => {
  for (const panel of tables) {
    const { where, transformations = [] } = panel;
    const answers = [...labelsOf(panel).values()];
    const organize = transformations.find(({ id }) => id === 'organize');
    for (const field of Object.keys(organize?.options.renameByName ?? {})) {
      const isLabel = answers.some((labels) => labels.includes(field) || labels.includes(`${field}?`));
      assert.ok(isLabel || /^Value( #[A-Z])?$/.test(field), `${where}: no answer has ${field}`);
    }
    const converted = transformations.flatMap(({ options }) => options.conversions ?? []);
    for (const { targetField } of converted) {
      const isEverywhere = answers.every((labels) => labels.includes(targetField));
      assert.ok(
        isEverywhere || columnsOf(panel).includes(targetField),
        `${where}: a row without ${targetField} gets 0`,
      );
    }
  }
});

test('a line leads somewhere only if it has the labels of the link', () => {
  let linked = 0;
  for (const panel of panels) {
    const labels = labelsOf(panel);
    for (const { matcher, properties } of panel.fieldConfig?.overrides ?? []) {
      const wanted = JSON.stringify(properties).matchAll(/\$\{__field\.labels\.(\w+)\}/g);
      for (const [, label = ''] of wanted) {
        linked++;
        const ofQuery = labels.get(String(matcher.options));
        const affected = matcher.id === 'byFrameRefID' && ofQuery ? [ofQuery] : [...labels.values()];
        assert.ok(
          affected.every((own) => own.includes(label)),
          `${panel.where}: a line without ${label}`,
        );
      }
    }
  }
  assert.ok(linked > 5, `${linked}`);
});

test('what can be chosen does not depend on whether it is alive', () => {
  for (const { dashboard } of DASHBOARDS) {
    for (const { name, query } of dashboard.templating.list.filter(({ type }) => type === 'query')) {
      const names = namesIn(labelValuesOf(query).series);
      assert.ok(names.includes('up'), `${dashboard.uid}: $${name} asks only for ${names.join(', ')}`);
    }
  }
});

test('states are words in fixed colours, and a cell of a heat map is a number of samples', () => {
  const of = (kind: string) => panels.filter(({ type }) => type === kind);
  assert.ok(of('state-timeline').length > 0 && of('heatmap').length > 0);
  for (const { where, fieldConfig } of of('state-timeline')) {
    assert.equal(fieldConfig?.defaults.color?.mode, 'fixed', where);
  }
  for (const { where, options } of of('heatmap')) assert.equal(options?.cellValues?.unit, 'short', where);
});

test('the marks and links of a dashboard are in sight, and not in a menu', () => {
  for (const { dashboard, text } of DASHBOARDS) assert.ok(!text.includes('inControlsMenu'), dashboard.uid);
});
