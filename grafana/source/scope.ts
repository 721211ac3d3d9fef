import { STATUS } from './status.ts';

// What the dashboards' variables select. Every series bears the dc_id of its target, so every query asks for it.

/** Everything of the chosen datacenter. */
export const DATACENTER = 'dc_id="$datacenter"';
/** Of the chosen racks of it. All racks are `.*`, which takes in what is of no rack, as the datacenter controller. */
export const RACKS = `${DATACENTER}, rack_id=~"$rack"`;
/** Of the chosen servers of these. */
export const SERVERS = `${RACKS}, server_id=~"$server"`;

/** The processes of NetWatch among all that is scraped. */
export const OWN_JOBS = 'job=~"netwatch-.*"';

/** The rack controllers among them. */
export const RACK_JOB = 'job="netwatch-rack"';

/** What tells one rack from another. */
export const BY_RACK = 'dc_id, rack_id';
/** What tells one server from another. */
export const BY_SERVER = `${BY_RACK}, server_id`;

/** A value of each server, without the labels of who was scraped for it. */
export function eachServer(metric: string, selector: string): string {
  return `max by (${BY_SERVER}) (${metric}{${selector}})`;
}

/** A rate of each server, in events per second. */
export function serverRate(counter: string, selector: string): string {
  return `sum by (${BY_SERVER}) (rate(${counter}{${selector}}[$__rate_interval]))`;
}

/** A quantile of a histogram, by these labels. */
export function quantile(share: number, metric: string, options: { selector: string; by: string }): string {
  const { selector, by } = options;
  return `histogram_quantile(${share}, sum by (${by}, le) (rate(${metric}_bucket{${selector}}[$__rate_interval])))`;
}

/** Servers that have this status now. */
export function serversWith(status: keyof typeof STATUS, selector: string): string {
  return `netwatch_server_status{${selector}, status="${status}"}`;
}

/**
 * The status of each server as one of the numbers of `STATUS`, which `SERVER_STATUS_TEXT` turns into words. It changes
 * only with the status, because a timeline makes a bar of what stays the same.
 */
export function serverStatus(selector: string): string {
  const statuses = ['silent', 'critical', 'warning', 'healthy', 'warming'] as const;
  const numbers = statuses.map((status) => `${STATUS[status]} * ${serversWith(status, selector)}`);
  return `max by (${BY_SERVER}) (${numbers.join(' or ')})`;
}

/** Signal to noise ratio of each server, what is infinite at the edge of a graph. */
export const SNR = `clamp(${eachServer('netwatch_server_snr_db', SERVERS)}, -60, 120)`;

/** Clock skew of each server in parts per million. */
export const SKEW = `1e6 * ${eachServer('netwatch_server_clock_skew_ratio', SERVERS)}`;

/** Scores of the racks as the datacenter knows them. */
export const RACK_SCORE = `netwatch_dc_rack_health_score{${RACKS}}`;

/** Error of the worst server of each rack. */
export const WORST_ERROR = `rack:netwatch_server_spectral_error:max{${RACKS}}`;

/** Of the alerts of the chosen datacenter. One that nobody is scraped at all has no datacenter, and is everybody's. */
export const ALERTS_OF = 'dc_id=~"$datacenter|"';
