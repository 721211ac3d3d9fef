import { falseAlarmText } from './false-alarm-text.ts';
import type { DetectionResults } from './measure.ts';
import { severityTable } from './severity-table.ts';
import { confusionTable, faultTable, rivalTable, targetsText } from './table.ts';

/** docs/detection.md: what was measured, how, and what cannot be told. */
export function detectionPage(results: DetectionResults): string {
  return `# Detection

NetWatch names faults: what happened, since when, how bad, how sure. This page says how soon, how often by the right name,
and how often a fault is told of that is not there. Every number comes from simulated links that were heard by the code a
rack runs: the same streams, detectors and names, in simulated time. Figures and picture are written by

\`\`\`sh
npm run bench:detection                            # 30 healthy stream-days, a few minutes
npm run bench:detection -- --stream-days ${String(results.clean.streamDays).padEnd(9)} # what is printed here
npm run bench:detection -- --quick                 # whether it runs at all, seconds; writes nothing
\`\`\`

Machine: ${results.machine}. All but the speed is the same on every
machine: the same seeds give the same figures.

## Faults

Each fault breaks a link that was healthy for 150 s, ${results.runs} times, each time another link, at tones of 1, 1.35, 2.2 and
4.35 Hz in turn, 20 samples a second. Detection time is counted from the moment the link broke, also where it takes a while
until a sample is harmed: the first burst comes after 40 s on the average, the first stall after 2.5 s. A fault is _named
right_ when exactly this name, and no other beside it, stood for most of the time from its target time on. _Missed_ counts the
runs in which it was never told; they count as infinite in median and p95, and are left out of the mean. _Onset_ is how far
the told beginning lay from the true one (median), _parameter_ the error of what was told of it (95th percentile). Rows without
a target are further severities, and what is easily taken for something else; some of their links take 0.2 s, which is in the
detection time.

${faultTable(results)}

${targetsText(results)}

For loss the target is 1.3 times the delay of the optimal detector for that rate, a Bernoulli CUSUM, at one false alarm per
stream in 30 days. That delay was reckoned with a threshold of ln(30 days in samples), which is a bound: the exact run length
is longer, a lower threshold does, and so some figures lie below the reckoned optimum itself. A stall or a burst that comes by
chance can be told only once it has come, so there the median is compared.

${confusionTable(results)}

The last column says what the first word of NetWatch was: a burst of eight losses is a silence of 0.4 s until its end is
heard, and heavy loss or jitter is proved in a few samples more than what it first looks like.

## Severity

A fault is \`info\`, \`warning\` or \`critical\` by its size. These are the defaults:

${severityTable()}

\`silent\` is always critical, \`conflict\` always info. An operator sets other ones, of some kinds or of all, with a flag of
the rack, in its environment or in its file; \`netwatch lab\` hands the flag on to its racks:

\`\`\`sh
netwatch rack --severity loss=0.05/0.5,delay-shift=0.002/0.02    # WARNING/CRITICAL, the others keep their defaults
NETWATCH_SEVERITY=jitter=0.005/1000000 netwatch rack             # jitter is never critical
\`\`\`

\`\`\`json
{ "severity": { "loss": [0.05, 0.5], "delay-shift": [0.002, 0.02] } }
\`\`\`

A server's status is the worse of its worst fault and the class of its spectral error: \`warning\` from 0.2 on, \`critical\` from
0.5 on. Both are sluggish on the way down: a severity or a class is left only below 0.8 of the value from which it begins, so
that a link that loses 20 % all day is not told of a thousand times. Thresholds change what a fault is called, not when it is
told.

## False alarms

Healthy links are not perfect ones. Here they have a packet delay variation of 0.2 ms, a sender's timer that is off by 0.3 ms,
a receiver's timer that stamps one sample in a hundred up to 0.5 ms late, a stall of the receiver of 20 ms every two minutes, a
loss of 1 in 10 000, a skew within ± 50 ppm, and a base delay that wanders by up to a millisecond within hours.

${falseAlarmText(results)}

## Others, on the same arrivals

Three others heard the very same arrivals:

- **Naive spectrum:** the last 2048 samples (102 s) in the order of their arrival, Hann, FFT, noise ÷ (signal + noise); it warns
  at 0.2. It does not know which sample is missing.
- **Φ accrual** (Hayashibara et al. 2004), the failure detector of Akka and Cassandra: it suspects at Φ = 8, with a least sigma
  of 100 ms. It is made for silence, and for nothing else.
- **Loss ratio:** what most dashboards have, an alert at 1 % lost over 60 s.

Median times until each alarmed; only NetWatch's alarm has a name, and only the right one counts. – is missed in half of the
runs or more. A run is over 20 s (silent) to 7 min (loss 1 %) after the onset, so that who needs longer misses it. That a rival is
blank beside a delay or a clock says only that it was not made for that.

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
  What was so from the beginning is normal.
- Where much is lost, silence must be longer than that explains: at 60 % it is 1.4 s, at 90 % and more 6.5 s, and where losses
  come in bursts five times their mean length. Elsewhere it is 0.4 s.
- The size of a fault is known but roughly when it is first told, more often too large than too small, and within 0.8 to 1 of
  a threshold either severity is right: a loss of 18 % may stay \`critical\` as it began.
- Whether few samples overtake many (\`reorder\`) or delays vary (\`jitter\`) cannot always be told: where one in ten or more is
  overtaken by 50 ms or more, the name may go to and fro between the two.
- A delay that comes and goes while samples overtake one another, a pulse of half a second say, is told as \`reorder\`: what was
  overtaken is left out of the search for periods. A stall in which samples wait in order is \`periodic-delay\`.
- A baseline that wanders by milliseconds within minutes is told as \`delay-shift\`, \`info\`, again and again.
- A clock that was slow for so long that its skew was learned, and is set right, has drifted the other way, until that is
  learned: minutes.
- A rack with fewer than three servers has no faults of its own: each of its servers is told of by itself.
- Simulated links are simple: noise is normal, faults come one at a time and on a link that is steady otherwise. The same faults
  in the lab and in a guest with netem are tests of their own (test/system); how many false alarms there are on your network
  only your network can say.
- Damage in transit is loss: UDP's checksum drops what was damaged. \`corrupt\` is told of samples that were wrong when they were
  sent, or that somebody wrote a new checksum for.
- A lone burst of losses longer than 0.4 s is silence while it lasts, and \`burst-loss\` once it is over. After four bursts or
  fewer nobody knows when the next is due, so the fault stands until there was none for five minutes; after more, for four
  times their usual distance.
- Stalls that come by the clock every 0.5 to 40 s are found after five of them or more, losses every 0.7 to 40 s after six or
  more: the shorter the period, the more. Where events come early or late by more than half a sample (25 ms), it takes more
  of them still, what is told is often a multiple of the period, and a period of two seconds or less may not be told at all.
`;
}
