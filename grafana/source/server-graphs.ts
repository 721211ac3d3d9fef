import { heatmapOf } from './graph.ts';
import { half } from './half.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_SERVER, eachServer, quantile, SERVERS, serverRate, SKEW, SNR } from './scope.ts';
import { ERROR_STEPS } from './status.ts';

/** What the network did to the signal of a server. */
export const signalGraphs = (): readonly PlacedPanel[] => [error(), snr()];

/** What the way of its packets is like. */
export const wayGraphs = (): readonly PlacedPanel[] => [loss(), delay(), variation(), skew(), heatmap(), percentiles()];

/** What became of its packets. */
export const packetGraphs = (): readonly PlacedPanel[] => [sentAndReceived(), irregular()];

function error(): PlacedPanel {
  return half(
    'Error',
    'Share of the power of its signal that the network destroyed, over the latest window. Above the lower line a warning, above the upper one critical; 1 while it is silent.',
    { unit: 'none', decimals: 3, min: 0, max: 1, steps: ERROR_STEPS },
    [{ expr: eachServer('netwatch_server_spectral_error', SERVERS), legend: 'error' }],
  );
}

function snr(): PlacedPanel {
  return half(
    'SNR',
    'How far its tone stands above the noise. 0 dB is as much noise as tone, an error of 0.5. What is infinite is drawn at the edge: 120 dB without any noise, -60 dB without any tone.',
    { unit: 'dB', decimals: 1 },
    [{ expr: SNR, legend: 'SNR' }],
  );
}

function loss(): PlacedPanel {
  const lost = serverRate('netwatch_packets_lost_total', SERVERS);
  const received = serverRate('netwatch_packets_received_total', SERVERS);
  return half(
    'Loss',
    'Share of its samples that did not come by the deadline: over the latest window of the analysis, and as counted since the last point. 0 in a healthy lab.',
    { unit: 'percentunit', decimals: 1, min: 0 },
    [
      { expr: eachServer('netwatch_server_loss_ratio', SERVERS), legend: 'latest window' },
      { expr: `${lost} / (${lost} + ${received})`, legend: 'counted' },
    ],
  );
}

function delay(): PlacedPanel {
  return half(
    'Delay',
    'Change of the one-way delay against what the rack learned; negative when the way became shorter. A step is another route, a ramp a queue that fills or a clock that runs off.',
    { unit: 's' },
    [{ expr: eachServer('netwatch_server_delay_seconds', SERVERS), legend: 'delay' }],
  );
}

function variation(): PlacedPanel {
  return half(
    'Jitter and delay variation',
    'Jitter is how much the time between two samples varies on the way (RFC 3550); PDV how far the slowest of twenty is behind the fastest (RFC 5481). Jitter without PDV is noise, both are a queue.',
    { unit: 's', min: 0 },
    [
      { expr: eachServer('netwatch_server_jitter_seconds', SERVERS), legend: 'jitter' },
      { expr: eachServer('netwatch_server_pdv_seconds', SERVERS), legend: 'PDV' },
    ],
  );
}

function skew(): PlacedPanel {
  return half(
    'Clock skew',
    'How much faster the clock of the rack runs than that of the server, in parts per million. Crystals differ by up to 100 ppm; more is a clock that is ill, or a delay that keeps changing.',
    { unit: 'ppm', decimals: 1 },
    [{ expr: SKEW, legend: 'skew' }],
  );
}

function heatmap(): PlacedPanel {
  return heatmapOf({
    title: 'Latency, how often',
    description:
      'How many samples took how long from send to receive. The offset between the two clocks is in it: read where a band moves or splits, not how high it lies.',
    width: 12,
    height: 8,
    unit: 'ms',
    expr: `sum by (le) (increase(netwatch_latency_ms_bucket{${SERVERS}}[$__rate_interval]))`,
  });
}

function percentiles(): PlacedPanel {
  const at = (share: number, legend: string) => ({
    expr: quantile(share, 'netwatch_latency_ms', { selector: SERVERS, by: BY_SERVER }),
    legend,
  });
  return half(
    'Latency',
    'Median, 95th and 99th percentile of the time from send to receive, the offset between the clocks included. As fine as the buckets of the histogram are. A gap is a silent server.',
    { unit: 'ms', min: 0 },
    [at(0.5, 'median'), at(0.95, '95th percentile'), at(0.99, '99th percentile')],
  );
}

function sentAndReceived(): PlacedPanel {
  return half(
    'Sent and received',
    'Samples that the agent says it sent and those that the rack received. What lies between the two lines is lost on the way; both falling together is an agent that is slow or stopped.',
    { unit: 'pps', decimals: 1, min: 0 },
    [
      { expr: serverRate('netwatch_agent_samples_sent_total', SERVERS), legend: 'sent' },
      { expr: serverRate('netwatch_packets_received_total', SERVERS), legend: 'received' },
    ],
  );
}

function irregular(): PlacedPanel {
  const counted = ['lost', 'late', 'duplicate', 'reordered', 'conflict'];
  return half(
    'Lost, late, duplicate, reordered, conflicting',
    'Samples that did not come as they were sent. Late ones were counted as lost before. Conflicting ones came from a second agent that claims to be this server. All 0 in a healthy lab.',
    { unit: 'pps', decimals: 2, min: 0 },
    counted.map((what) => ({ expr: serverRate(`netwatch_packets_${what}_total`, SERVERS), legend: what })),
  );
}
