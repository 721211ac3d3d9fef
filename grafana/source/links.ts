import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

/** The dashboards by their uid, which is part of their address and never changes. */
export const TITLES = {
  'netwatch-overview': 'Datacenter overview',
  'netwatch-rack': 'Rack',
  'netwatch-server': 'Server',
  'netwatch-self': 'NetWatch itself',
} as const;

export type DashboardUid = keyof typeof TITLES;

/** A link from a value to where it is looked into. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
}

// What is chosen already goes along: Grafana writes these as var-datasource=… and from=…&to=….
const CHOSEN = '${datasource:queryparam}&${datacenter:queryparam}';
const KEPT = `\${__url_time_range}&${CHOSEN}`;

/** The dashboards on which one rack is chosen, and no more. */
const OF_ONE_RACK: ReadonlySet<string> = new Set<DashboardUid>(['netwatch-rack', 'netwatch-server']);

/** To the rack that this text names: a reference to a label or field. */
export function toRack(rack: string): DataLink {
  return { title: 'Rack', url: `/d/netwatch-rack?${KEPT}&var-rack=${rack}` };
}

/** To the server that these name: references to labels or fields. */
export function toServer(rack: string, server: string): DataLink {
  return { title: 'Server', url: `/d/netwatch-server?${KEPT}&var-rack=${rack}&var-server=${server}` };
}

/** From a line of a graph to its server. */
export const LINE_TO_SERVER = toServer('${__field.labels.rack_id}', '${__field.labels.server_id}');
/** From a line of a graph to its rack. */
export const LINE_TO_RACK = toRack('${__field.labels.rack_id}');
/** From a row of a table with the columns Rack and Server. */
export const ROW_TO_SERVER = toServer('${__data.fields.Rack}', '${__data.fields.Server}');
/** From a row of a table with the column Rack. */
export const ROW_TO_RACK = toRack('${__data.fields.Rack}');

/**
 * Links at the top of a dashboard to the others. They keep the time, and of the variables those that mean the same there:
 * several racks are no choice where one is chosen, and the server looked at would hide its neighbours.
 */
export function linksFrom(uid: DashboardUid): dashboard.DashboardLink[] {
  const others = Object.entries(TITLES).filter(([other]) => other !== uid);
  return others.map(([other, title]) => {
    const link = new dashboard.DashboardLinkBuilder(title)
      .type(dashboard.DashboardLinkType.Link)
      .icon('dashboard')
      .url(`/d/${other}?${keptChoice(uid, other)}`)
      .keepTime(true)
      .includeVars(false)
      .build();
    // The builder puts it into a menu that has to be opened first; without a placement it is seen.
    const { placement: _, ...seen } = link;
    return seen;
  });
}

function keptChoice(from: string, to: string): string {
  return OF_ONE_RACK.has(from) && OF_ONE_RACK.has(to) ? `${CHOSEN}&\${rack:queryparam}` : CHOSEN;
}
