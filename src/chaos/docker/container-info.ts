import type { Labels } from './labels.ts';
import type { PublishedPort } from './published-ports.ts';

/** A container as a list has it. */
export interface ContainerSummary {
  readonly id: string;
  /** Without the slash that Docker puts before it. */
  readonly name: string;
  readonly labels: Labels;
  /** `host`, `none`, `container:ID`, or the name of a network. */
  readonly networkMode: string;
  /** Its ends of networks; another one each time that it joins. */
  readonly endpointIds: readonly string[];
  readonly ports: readonly PublishedPort[];
}

/** A container as it is at this moment. */
export interface ContainerState {
  readonly status: string;
  readonly isRunning: boolean;
  readonly isPaused: boolean;
  readonly exitCode: number;
  /** Why Docker itself could not start it; empty when it could. */
  readonly error: string;
  /** Unix seconds of the daemon's clock; null when it was never started. */
  readonly startedSeconds: number | null;
  readonly networkMode: string;
  readonly endpointIds: readonly string[];
}
