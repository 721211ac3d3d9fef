import { ConfigError } from '../../config/load.ts';
import type { Scenario, Step } from './scenario.ts';
import { MAX_SPEED } from './scenario-schema.ts';

const MIN_SPEED = 0.1;

/**
 * The same story, told faster: pauses, faults, ramps and pulses take a `speed`-th of their time. How long something may
 * take to be seen stays as it is, since a window has 12.8 s whatever the speed.
 * @throws ConfigError when a fault would be over before what is expected of it must have been seen, or the scenario
 * says that it cannot be told so fast
 */
export function atSpeed(scenario: Scenario, speed: number): Scenario {
  const fastest = fastestSpeed(scenario);
  if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
    throw new ConfigError([`--speed: got ${speed}, allowed: a number from ${MIN_SPEED} to ${MAX_SPEED}`]);
  }
  if (speed > Math.max(1, fastest)) {
    const why =
      Math.min(...scenario.steps.map(fastestOfStep)) < scenario.maxSpeed
        ? 'what it expects could not be seen in the time that is left'
        : `its max_speed is ${scenario.maxSpeed}`;
    throw new ConfigError([`--speed: got ${speed}, allowed: at most ${fastest} for "${scenario.name}": ${why}`]);
  }
  return speed === 1 ? scenario : { ...scenario, steps: scenario.steps.map((step) => fasterStep(step, speed)) };
}

/** Up to which speed a scenario can be told, rounded down to tenths. */
export function fastestSpeed({ maxSpeed, steps }: Scenario): number {
  return Math.floor(Math.min(maxSpeed, ...steps.map(fastestOfStep)) * 10) / 10;
}

function fastestOfStep(step: Step): number {
  switch (step.kind) {
    case 'inject':
      return Math.min(...step.expectations.map(({ withinSeconds }) => step.durationSeconds / withinSeconds));
    case 'parallel':
    case 'group':
      return Math.min(...step.steps.map(fastestOfStep));
    case 'wait':
    case 'expect':
    default:
      return Infinity;
  }
}

function fasterStep(step: Step, speed: number): Step {
  const afterSeconds = step.afterSeconds / speed;
  switch (step.kind) {
    case 'inject': {
      const phases = step.phases.map(({ seconds, impairment }) => ({ seconds: seconds / speed, impairment }));
      return { ...step, afterSeconds, phases, durationSeconds: step.durationSeconds / speed };
    }
    case 'wait':
      return { ...step, afterSeconds, waitSeconds: step.waitSeconds / speed };
    case 'expect':
      return { ...step, afterSeconds };
    case 'parallel':
    case 'group':
    default:
      return { ...step, afterSeconds, steps: step.steps.map((child) => fasterStep(child, speed)) };
  }
}
