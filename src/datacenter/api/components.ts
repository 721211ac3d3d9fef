import type { GenericSchema } from 'valibot';
import { ChaosStatusSchema, ClearAnswerSchema, InjectRequestSchema } from '../../wire/api/chaos-control-schema.ts';
import { FrameSpectrumSchema, FrameWindowSchema, StreamFrameSchema } from '../../wire/api/frame.ts';
import { RackDetailSchema, RackHistorySchema, RackSummarySchema, ServerHistorySchema } from '../../wire/api/history.ts';
import { ServerSnapshotSchema } from '../../wire/api/server-snapshot-schema.ts';
import { IncidentListSchema } from './incident-schemas.ts';
import { IncidentEntrySchema } from '../../wire/incident-line.ts';
import { ChaosEndSchema, ChaosNoticeShapeSchema } from '../../wire/chaos-notice-schema.ts';
import { DatacenterHealthSchema, RackHealthSchema } from '../../wire/health-schema.ts';
import { FaultSchema, RackFaultSchema, VerdictSchema } from '../../wire/verdict-schema.ts';
import {
  ChaosEventSchema,
  EventPageSchema,
  EventSchema,
  FaultEventSchema,
  StatusEventSchema,
} from './event-schemas.ts';
import { ProblemSchema } from './problem-schema.ts';

/** Schemas that have a name in the document; wherever one of these very objects is used, the document refers to it. */
export const COMPONENTS: Readonly<Record<string, GenericSchema>> = {
  DatacenterHealth: DatacenterHealthSchema,
  RackHealth: RackHealthSchema,
  RackSummary: RackSummarySchema,
  Rack: RackDetailSchema,
  RackHistory: RackHistorySchema,
  Server: ServerSnapshotSchema,
  ServerHistory: ServerHistorySchema,
  Verdict: VerdictSchema,
  Fault: FaultSchema,
  RackFault: RackFaultSchema,
  Frame: StreamFrameSchema,
  Spectrum: FrameSpectrumSchema,
  Window: FrameWindowSchema,
  EventPage: EventPageSchema,
  Event: EventSchema,
  StatusEvent: StatusEventSchema,
  ChaosEvent: ChaosEventSchema,
  FaultEvent: FaultEventSchema,
  IncidentList: IncidentListSchema,
  Incident: IncidentEntrySchema,
  ChaosStatus: ChaosStatusSchema,
  ChaosNotice: ChaosNoticeShapeSchema,
  ChaosEnd: ChaosEndSchema,
  InjectRequest: InjectRequestSchema,
  ClearAnswer: ClearAnswerSchema,
  Problem: ProblemSchema,
};
