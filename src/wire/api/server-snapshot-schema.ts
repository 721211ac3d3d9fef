import * as v from 'valibot';
import { VerdictSchema } from '../verdict-schema.ts';
import { ServerHistorySchema } from './history.ts';
import type { ServerSnapshot } from './socket.ts';

export const ServerSnapshotSchema: v.GenericSchema<unknown, ServerSnapshot> = v.object({
  verdict: v.nullable(VerdictSchema),
  history: ServerHistorySchema,
});
