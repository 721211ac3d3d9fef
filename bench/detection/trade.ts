import { DEFAULT_DETECTION } from '../../src/core/detect/detection-options.ts';
import { runClean } from './clean.ts';
import { runScenario } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import type { TradeCurve, TradePoint } from './svg.ts';

const SCALES: readonly number[] = [0.5, 0.6, 0.7, 0.8, 1, 1.25];
const SHOWN: readonly string[] = [
  'loss 1 %',
  'loss 2 %',
  'loss 5 %',
  'loss 10 %',
  'loss 50 %',
  'delay +1 ms',
  'jitter 2 ms',
  'reorder 5 %',
];
const RUNS = 24;
const DAYS_SHOWN = 30;
/** No event in a time says, with 95 % confidence, less than three in it. */
const LIMIT_EVENTS = 3;
/** Healthy loss at which loss is told hardest, and for which the optimum is known. */
const HEALTHY_LOSS = 1e-3;

/** Delay and false alarms of detectors as their thresholds move. */
export function measureTrade(days: number, progress: (text: string) => void): readonly TradeCurve[] {
  const curves = new Map<string, TradePoint[]>(SHOWN.map((name) => [name, []]));
  for (const scale of SCALES) {
    progress(`thresholds × ${scale}`);
    const detection = { ...DEFAULT_DETECTION, thresholdScale: scale };
    const { alarms } = runClean({ seed: 1, days, lossRatio: HEALTHY_LOSS, detection });
    for (const scenario of SCENARIOS.filter(({ name }) => SHOWN.includes(name))) {
      const own = alarms.filter(({ kind }) => kind === scenario.kind).length;
      // Where false alarms stand most of the time nothing can be told any more: such a setting has no delay.
      const times = Array.from({ length: RUNS }, (_, i) => {
        return runScenario(scenario, { seed: i + 1, toneHz: 1.35, detection }).detectedSeconds ?? scenario.seconds;
      }).toSorted((a, b) => a - b);
      const medianSeconds = times[RUNS >> 1] ?? scenario.seconds;
      if (medianSeconds === scenario.seconds) continue;
      curves.get(scenario.name)?.push({
        scale,
        alarmsPer30Days: ((own || LIMIT_EVENTS) / days) * DAYS_SHOWN,
        isLimit: own === 0,
        medianSeconds,
      });
    }
  }
  return [...curves].map(([name, points]) => ({ name, points }));
}
