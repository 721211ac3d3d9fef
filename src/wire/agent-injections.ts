import * as v from 'valibot';
import { IdSchema, TimeSchema } from './bounded-schemas.ts';
import type { Injection } from './injection.ts';
import { InjectionSchema } from './injection-schema.ts';

/** What an agent holds, as its control endpoint gives it; hence snake_case. */
export interface AgentInjections {
  readonly rack_id: number;
  readonly injections: readonly {
    readonly injection: Injection;
    readonly server_ids: readonly number[];
    /** Unix seconds, on the agent's clock. */
    readonly began_at: number;
    /** Unix seconds; null: until it is cleared. */
    readonly until: number | null;
  }[];
}

const AgentInjectionsSchema: v.GenericSchema<unknown, AgentInjections> = v.object({
  rack_id: IdSchema,
  injections: v.array(
    v.object({
      injection: InjectionSchema,
      server_ids: v.array(IdSchema),
      began_at: TimeSchema,
      until: v.nullable(TimeSchema),
    }),
  ),
});

/** Reads the answer of an agent; null for what is none. Never throws. */
export function parseAgentInjections(value: unknown): AgentInjections | null {
  const parsed = v.safeParse(AgentInjectionsSchema, value);
  return parsed.success ? parsed.output : null;
}

const ClearedSchema = v.object({ cleared_server_ids: v.array(IdSchema) });

/** Whether this is what an agent answers when it has cleared what it was told to. */
export function isClearedAnswer(value: unknown): boolean {
  return v.is(ClearedSchema, value);
}
