import { createChaosOperations, type ChaosOperationsOptions } from './chaos-operations.ts';
import { createEventsOperation } from './events-operation.ts';
import { createHealthOperations, type HealthOperationsOptions } from './health-operations.ts';
import { createIncidentOperations, type IncidentOperationsOptions } from './incident-operations.ts';
import type { AnyOperation } from './operation.ts';
import { createStreamOperations, type StreamOperationsOptions } from './stream-operations.ts';

export type OperationsOptions = HealthOperationsOptions &
  StreamOperationsOptions &
  IncidentOperationsOptions &
  ChaosOperationsOptions & { readonly maxEvents: number };

/** Every operation of the API, in the order in which the document shows them. */
export function createOperations(options: OperationsOptions): readonly AnyOperation[] {
  const { aggregate, maxEvents } = options;
  return [
    ...createHealthOperations(options),
    ...createStreamOperations(options),
    createEventsOperation({ events: aggregate.events, maxEvents }),
    ...createIncidentOperations(options),
    ...createChaosOperations(options),
  ];
}
