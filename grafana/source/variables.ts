import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DATACENTER, OWN_JOBS, RACK_JOB, RACKS } from './scope.ts';

/** The data source that the variable of that name chooses. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

const { NaturalAsc, NumericalAsc } = dashboard.VariableSort;

/** How many of a kind may be chosen at once. */
type Choice = 'one' | 'several';

type Variable = dashboard.QueryVariableBuilder | dashboard.DatasourceVariableBuilder;

// What can be chosen may not depend on whether it is alive: a choice that is no longer offered is replaced by the first
// that is, and without any every panel is blank. `up` is there for every target, whether it answers or not. An agent of
// many servers is one target without a server_id, but its counters tell of whom it is.
const SERVER_SERIES = '__name__=~"up|netwatch_server_up|netwatch_agent_samples_sent_total", server_id!=""';

/** The variables of a dashboard, each within what those before it choose. Null: it has none of that kind. */
export function variables(choices: { rack: Choice; server: Choice | null }): readonly Variable[] {
  const { rack, server } = choices;
  const source = new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  const datacenter = idsOf('datacenter', 'Datacenter', `label_values(up{${OWN_JOBS}}, dc_id)`);
  const racks = idsOf('rack', 'Rack', `label_values(up{${DATACENTER}, ${RACK_JOB}}, rack_id)`);
  const servers = idsOf('server', 'Server', `label_values({${SERVER_SERIES}, ${RACKS}}, server_id)`);
  return [source, datacenter, chosen(racks, rack), ...(server === null ? [] : [chosen(servers, server)])];
}

function idsOf(name: string, label: string, query: string): dashboard.QueryVariableBuilder {
  return (
    new dashboard.QueryVariableBuilder(name)
      .label(label)
      .datasource(DATASOURCE)
      .query({ qryType: 1, query, refId: `variable-${name}` })
      .definition(query)
      // Servers come and go while a dashboard is open.
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      // So that 2 comes before 10.
      // oxlint-disable-next-line unicorn/no-array-sort -- an option of the variable, not an array
      .sort(name === 'datacenter' ? NaturalAsc : NumericalAsc)
  );
}

function chosen(variable: dashboard.QueryVariableBuilder, choice: Choice): dashboard.QueryVariableBuilder {
  if (choice === 'one') return variable;
  return variable
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] });
}
