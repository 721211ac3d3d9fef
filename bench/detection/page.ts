import type { DetectionResults } from './measure.ts';
import { confusionTable, falseAlarmText, faultTable, rivalTable } from './table.ts';

/** docs/detection.md: what was measured, how, and what cannot be told. */
export function detectionPage(results: DetectionResults): string {
  return `# Detection

NetWatch names faults: what happened, since when, how bad, how sure. This page says how soon, how often by the right name,
and how often a fault is told of that is not there. It is written by \`npm run bench:detection\`; every number comes from
simulated links that were heard by the code a rack runs.

## Faults

Each fault breaks a link that was healthy for 150 s, ${results.runs} times, each time another link, at tones of 1, 1.35, 2.2 and
4.35 Hz in turn, 20 samples a second. Detection time is counted from the moment the link broke, also where it takes a while
until a sample is harmed: the first burst comes after 40 s on the average, the first stall after 2.5 s. A fault is _named
right_ when exactly this name, and no other beside it, stood for most of the time from its target time on. _Onset_ is how far
the told beginning lay from the true one (median), _parameter_ the error of what was told of it (95th percentile). Rows
without a target are further severities, and what is easily taken for something else; some of their links take 0.2 s, which
is in the detection time.

${faultTable(results)}

For loss the target is 1.3 times the delay of the optimal detector for that rate at one false alarm per stream in 30 days. A
stall or a burst that comes by chance can be told only once it has come, so there the median is compared.

${confusionTable(results)}

## False alarms

Healthy links are not perfect ones. Here they have a packet delay variation of 0.2 ms, a sender's timer that is off by 0.3 ms,
a receiver's timer that stamps one sample in a hundred up to 0.5 ms late, a stall of the receiver of 20 ms every two minutes, a
loss of 1 in 10 000, a skew within ± 50 ppm, and a base delay that wanders by up to a millisecond within hours.

${falseAlarmText(results)}

## Others, on the same arrivals

The naive spectrum takes the last 2048 samples in the order of their arrival and warns at a noise share of 0.2. The Φ accrual
detector suspects at Φ = 8 with a least sigma of 100 ms. The loss ratio warns at 1 % over 60 s. Median detection times; – is
missed in half of the runs or more.

${rivalTable(results)}

## Delay against false alarms

All thresholds moved together; the large dots are the thresholds in use. Counted on ${results.tradeDays} stream-days for each
setting, at a healthy loss of 0.1 %, ten times that of the links above; the five rates of loss share their false alarms. A
hollow dot is a limit: no false alarm came, and three in that time cannot be ruled out. Delay, jitter and reordering have no
false alarms even at half of their thresholds, since nothing in these healthy links lasts longer than one sample.

![Median detection time against false alarms for eight faults](images/detection-trade.svg)

## How it is told

Every detector is sequential, is fed with each sample as it comes, and sums log likelihood ratios: it tells of a fault when the
sum reaches a threshold, and says it began when the sum last was 0.

- **Loss.** Five Bernoulli CUSUMs, tuned to 1, 2, 5, 10 and 50 %, against a background that is learned. A hole counts as soon
  as a later sample has come, and is taken back when the sample comes after all. Whether losses come in bursts is a likelihood
  ratio test of a Markov chain against independence.
- **Delay.** CUSUMs of the lateness above a slowly following baseline. One sample can be no more than an eighth of the proof, so
  a stall is no shift. Jitter is a sequential sign test on how far samples lie off the line of their neighbours: steps and ramps
  do not bend that line. A queue that fills is told by samples that each lie higher than the fourth before them.
- **Periods.** The beginnings of holes, or of pulses of lateness, are looked for on a period that the newest of them propose;
  the p-value is the chance that as many lie there at random.
- **Clock drift.** The slope of 42 s of delay against what it was before; a step is told from a slope by what it leaves beside
  the line.
- **One cause, one name.** What a standing fault explains is not told beside it: a queue that overflows is not also loss.

## What cannot be told

- Delays are not judged in the first 40 s of a stream, nor clock drift in the first 90 s: what is normal must be known first.
- Damage in transit is loss: UDP's checksum drops what was damaged. \`corrupt\` is told of samples that were wrong when they were
  sent, or that somebody wrote a new checksum for.
- A lone burst of losses longer than 0.4 s is silence while it lasts, and \`burst-loss\` once it is over.
- A period that begins is told after five or six of its events, never sooner.
`;
}
