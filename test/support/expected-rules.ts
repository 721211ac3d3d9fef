import { DATACENTER, type ExpectedAnswer, quiet, RACK, SERVER, unseen } from './expected-answers.ts';

const SKEWED = 'the lab has one clock, and chaos does not touch clocks; the test of the alerts makes one that runs off';

/** What every expression of the rules is meant to answer, by its place. Alerts are quiet while all is well. */
export const EXPECTED_OF_RULES: ReadonlyMap<string, ExpectedAnswer> = new Map([
  ['rule server:netwatch_packets_lost:ratio_rate1m', SERVER],
  ['rule rack:netwatch_packets_lost:ratio_rate1m', RACK],
  ['rule dc:netwatch_packets_lost:ratio_rate1m', DATACENTER],
  ['rule rack:netwatch_server_spectral_error:mean', RACK],
  ['rule rack:netwatch_server_spectral_error:min', RACK],
  ['rule rack:netwatch_server_spectral_error:max', RACK],
  ['rule rack:netwatch_server_spectral_error:count', RACK],
  ['rule rack:netwatch_server_up:mean', RACK],
  ['rule dc:netwatch_server_up:mean', DATACENTER],
  ['rule rack:netwatch_server_clock_skew_ratio:min_abs', RACK],
  ['rule rack:netwatch_rack_health_score:known', RACK],
  ['rule rack:netwatch_receiver_lag_seconds:p99_rate30s', RACK],
  ['rule rack:netwatch_reports_received:increase10s', RACK],
  ['rule NetWatchServerCritical', quiet('dc_id rack_id server_id')],
  ['rule NetWatchServerSilent', quiet('dc_id rack_id server_id')],
  ['rule NetWatchClockSkew', unseen('dc_id rack_id server_id', SKEWED)],
  ['rule NetWatchClockSkew (2)', unseen('dc_id rack_id', SKEWED)],
  ['rule NetWatchRackDegraded', quiet('__name__ dc_id rack_id')],
  ['rule NetWatchRackDegraded (2)', quiet('__name__ dc_id rack_id')],
  ['rule NetWatchRackDegraded (3)', quiet('__name__ dc_id instance job rack_id', 'alone')],
  ['rule NetWatchRackNotReporting', quiet('__name__ dc_id rack_id')],
  ['rule NetWatchDatacenterDegraded', quiet('dc_id')],
  ['rule NetWatchDatacenterDegraded (2)', quiet('dc_id')],
  ['rule NetWatchDatacenterDegraded (3)', quiet('__name__ dc_id instance job', 'alone')],
  ['rule NetWatchControllerImpaired', quiet('__name__ dc_id rack_id')],
  [
    'rule NetWatchControllerImpaired (2)',
    unseen('dc_id rack_id', 'a receiving thread that hangs while its process answers is a fault in the program'),
  ],
  [
    'rule NetWatchControllerImpaired (3)',
    unseen('dc_id rack_id', 'the ring is full only when the analysis is slower than the network of this machine'),
  ],
  ['rule NetWatchControllerImpaired (4)', quiet('dc_id rack_id', 'alone')],
  ['rule NetWatchScrapeDown', quiet('__name__ dc_id instance job rack_id? server_id?')],
  ['rule NetWatchScrapeDown (2)', quiet('job', 'unwatched')],
]);
