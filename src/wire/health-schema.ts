import * as v from 'valibot';
import { GROUP_STATUSES, type DatacenterHealth, type RackHealth } from '../core/verdict.ts';
import { FiniteSchema, IdSchema, PrintableSchema, RatioSchema } from './bounded-schemas.ts';
import { RackFaultsSchema, VerdictSchema } from './verdict-schema.ts';

export const GroupStatusSchema = v.picklist(GROUP_STATUSES);

/** What is known of a rack, whoever asks. */
export const rackHealthEntries = {
  rack_id: IdSchema,
  health_score: v.nullable(RatioSchema),
  status: GroupStatusSchema,
  last_report: v.nullable(FiniteSchema),
  faults: RackFaultsSchema,
  servers: v.array(VerdictSchema),
};

export const RackHealthSchema: v.GenericSchema<unknown, RackHealth> = v.object(rackHealthEntries);

/** Holds an answer of the API to the shape of a health tree. */
export const DatacenterHealthSchema: v.GenericSchema<unknown, DatacenterHealth> = v.object({
  dc_id: PrintableSchema,
  health_score: v.nullable(RatioSchema),
  status: GroupStatusSchema,
  timestamp: FiniteSchema,
  racks: v.array(RackHealthSchema),
});
