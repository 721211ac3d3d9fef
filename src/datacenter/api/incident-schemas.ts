import * as v from 'valibot';
import { FAULT_KINDS } from '../../core/verdict.ts';
import type { IncidentList } from '../../wire/api/incident.ts';
import { MAX_INCIDENTS } from '../../wire/incident-answer.ts';
import { IncidentEntrySchema, IncidentIdSchema } from '../../wire/incident-line.ts';
import { idParameter, wholeNumber, words } from './parameters.ts';

const DEFAULT_LIMIT = 50;

export const IncidentListSchema: v.GenericSchema<unknown, IncidentList> = v.object({
  incidents: v.array(IncidentEntrySchema),
});

/** `?rack=1&server=3&kind=loss,silent&limit=10` */
export const IncidentQuerySchema = v.strictObject(
  {
    rack: v.exactOptional(v.pipe(idParameter, v.description('Only of this rack.'))),
    server: v.exactOptional(v.pipe(idParameter, v.description('Only of servers with this id.'))),
    kind: v.exactOptional(
      v.pipe(words(FAULT_KINDS), v.description('Only of faults of these kinds, also where most of a rack had them.')),
    ),
    limit: v.exactOptional(
      v.pipe(wholeNumber(1, MAX_INCIDENTS), v.description('Most capsules to answer.')),
      String(DEFAULT_LIMIT),
    ),
  },
  'rack, server, kind and limit',
);

/** `/incidents/:rack/:incident` */
export const IncidentPathSchema = v.strictObject({ rack: idParameter, incident: IncidentIdSchema });
