import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardUid } from './links.ts';
import { overviewDashboard } from './overview.ts';
import { rackDashboard } from './rack.ts';
import { selfDashboard } from './self.ts';
import { serverDashboard } from './server.ts';

/** Every dashboard, by its uid, which is the name of its file too. */
export function allDashboards(): Readonly<Record<DashboardUid, dashboard.Dashboard>> {
  return {
    'netwatch-overview': overviewDashboard(),
    'netwatch-rack': rackDashboard(),
    'netwatch-server': serverDashboard(),
    'netwatch-self': selfDashboard(),
  };
}
