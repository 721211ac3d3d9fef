import * as v from 'valibot';
import { GROUP_STATUSES, type DatacenterHealth } from '../core/verdict.ts';
import { FiniteSchema, IdSchema, PrintableSchema, RatioSchema } from '../wire/bounded-schemas.ts';
import { VerdictSchema } from '../wire/verdict-schema.ts';

const GroupStatusSchema = v.picklist(GROUP_STATUSES);

/** Holds an answer of the API to the shape of a health tree. */
export const DatacenterHealthSchema: v.GenericSchema<unknown, DatacenterHealth> = v.object({
  dc_id: PrintableSchema,
  health_score: v.nullable(RatioSchema),
  status: GroupStatusSchema,
  timestamp: FiniteSchema,
  racks: v.array(
    v.object({
      rack_id: IdSchema,
      health_score: v.nullable(RatioSchema),
      status: GroupStatusSchema,
      last_report: v.nullable(FiniteSchema),
      servers: v.array(VerdictSchema),
    }),
  ),
});
