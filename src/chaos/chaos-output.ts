import type { Writable } from 'node:stream';
import type { HeldInjection } from './target.ts';

/** Where a chaos command says what it does: people read lines, scripts one JSON value. */
export interface ChaosOutput {
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  /** The result goes to `stdout` as JSON, and lines for people to `stderr`. */
  readonly json: boolean;
  /** Show a countdown that overwrites itself on `stderr`. */
  readonly showsProgress: boolean;
}

/** A line for people. */
export function say({ stdout, stderr, json }: ChaosOutput, line: string): void {
  (json ? stderr : stdout).write(`${line}\n`);
}

/** Something that should be known and is not the result. */
export function warn({ stderr }: ChaosOutput, line: string): void {
  stderr.write(`${line}\n`);
}

/** The result for scripts; nothing for people. */
export function giveJson({ stdout, json }: ChaosOutput, value: unknown): void {
  if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** An injection as scripts see it. */
export function heldJson({ id, server, description, untilSeconds, state, problem }: HeldInjection) {
  const { rackId, serverId, place } = server;
  return { id, rack_id: rackId, server_id: serverId, place, description, until: untilSeconds, state, problem };
}

/** A line that the next one overwrites; an empty one takes it away. */
export function showProgress({ stderr, showsProgress }: ChaosOutput, line: string): void {
  if (showsProgress) stderr.write(`\r\u001B[K${line}`);
}
