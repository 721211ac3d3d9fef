import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { faultsOverTime, faultsTable, rackFaultsTable } from './fault-panels.ts';
import { graph } from './graph.ts';
import { LINE_TO_RACK } from './links.ts';
import { makeDashboard } from './make-dashboard.ts';
import { alertsTable, grid, racksTable, worstServers } from './overview-tables.ts';
import { ALERTS_OF, BY_RACK, DATACENTER, RACK_SCORE, RACKS, WORST_ERROR } from './scope.ts';
import { chaosTable, packetLoss, serversByStatus, statusTimeline } from './shared-panels.ts';
import { stats } from './stat.ts';
import { COLOURS, ERROR_STEPS, SCORE_STEPS, SCORE_TEXT, steps } from './status.ts';

const SCORE = `netwatch_dc_health_score{${DATACENTER}}`;

/** Whom does it hurt, where, and was it us? */
export function overviewDashboard(): dashboard.Dashboard {
  return makeDashboard({
    uid: 'netwatch-overview',
    description: 'How the network treats the servers of a datacenter: symptoms first, then who has them, then why.',
    variables: { rack: 'several', server: null },
    sections: [
      { title: 'Symptoms', panels: [score(), serversByStatus(RACKS, { width: 12 }), alertsNow()] },
      { title: 'Where', panels: [racksTable(), grid(), worstServers()] },
      {
        title: 'What is wrong',
        panels: [rackFaultsTable(RACKS, 9), faultsTable(RACKS, 15), alertsTable(), chaosTable(9)],
      },
      { title: 'Over time', panels: [scores(), packetLoss(RACKS), worstOfRacks(), faultsOverTime(RACKS)] },
      { title: 'Every server over time', panels: [statusTimeline(RACKS)] },
    ],
  });
}

function score() {
  return stats({
    title: 'Datacenter score',
    description:
      'Mean health of the racks, 1 is well. A rack whose reports stopped counts as 0. Healthy from 0.8, critical below 0.5.',
    width: 7,
    height: 5,
    unit: 'none',
    min: 0,
    max: 1,
    steps: SCORE_STEPS,
    queries: [
      { expr: SCORE, legend: 'score', decimals: 3 },
      { expr: SCORE, legend: 'status', mappings: SCORE_TEXT },
    ],
  });
}

function alertsNow() {
  return stats({
    title: 'Firing alerts',
    description: 'How many alerts of this datacenter fire now. 0 in a healthy lab. The table below names them.',
    width: 5,
    height: 5,
    unit: 'none',
    decimals: 0,
    min: 0,
    steps: steps(COLOURS.good, [1, COLOURS.bad]),
    queries: [{ expr: `count(ALERTS{${ALERTS_OF}, alertstate="firing"}) or vector(0)`, legend: 'firing' }],
  });
}

function scores() {
  return graph({
    title: 'Scores',
    description:
      'Health of the datacenter and of each rack, 1 is well. Below the upper line degraded, below the lower one critical. Marks show when something was broken on purpose.',
    width: 12,
    height: 8,
    unit: 'none',
    decimals: 2,
    min: 0,
    max: 1,
    steps: SCORE_STEPS,
    queries: [
      { expr: SCORE, legend: 'datacenter' },
      { expr: `max by (${BY_RACK}) (${RACK_SCORE})`, legend: 'rack {{rack_id}}', link: LINE_TO_RACK },
    ],
  });
}

function worstOfRacks() {
  return graph({
    title: 'Error of the worst server of each rack',
    description:
      'The largest spectral error among the servers of a rack. Above the lower line a warning, above the upper one critical; 1 is a silent server.',
    width: 12,
    height: 8,
    unit: 'none',
    decimals: 3,
    min: 0,
    max: 1,
    steps: ERROR_STEPS,
    queries: [{ expr: WORST_ERROR, legend: 'rack {{rack_id}}', link: LINE_TO_RACK }],
  });
}
