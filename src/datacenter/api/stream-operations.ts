import type { GenericSchema } from 'valibot';
import { json, problem, type HttpResponse } from '../../io/http-response.ts';
import { FrameSpectrumSchema, FrameWindowSchema, type StreamFrame } from '../../wire/api/frame.ts';
import type { Aggregate } from '../aggregate.ts';
import { nextFrame } from '../live/next-frame.ts';
import type { Watches } from '../live/watches.ts';
import { noRack, noServer } from './health-operations.ts';
import type { Operation } from './operation.ts';
import { ServerPathSchema } from './parameters.ts';

export interface StreamOperationsOptions {
  readonly aggregate: Aggregate;
  readonly watches: Watches;
  /** Longest that a rack is waited for; 3 s unless told otherwise. */
  readonly frameDeadlineMs?: number;
}

type ServerPath = { readonly rack: number; readonly server: number };

const DEADLINE_MS = 3000;
const WATCHED_BY_OTHERS =
  'As many servers of this rack are watched as a rack sends frames of: try again when others have stopped.';

/** What a server sounds like now, asked of its rack. */
export function createStreamOperations(options: StreamOperationsOptions) {
  return [
    frameOperation(options, {
      part: 'spectrum',
      id: 'getServerSpectrum',
      summary: 'The spectrum of a server, now',
      description:
        'Of the newest window, in dB relative to a clean tone. The rack is asked for it, which takes up to half a second.',
      schema: FrameSpectrumSchema,
    }),
    frameOperation(options, {
      part: 'window',
      id: 'getServerWindow',
      summary: 'The newest window of a server, slot by slot',
      description: 'Which samples came, how late, and what they were. The rack is asked for it.',
      schema: FrameWindowSchema,
    }),
  ] as const;
}

interface FramePart {
  readonly part: 'spectrum' | 'window';
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly schema: GenericSchema;
}

function frameOperation(options: StreamOperationsOptions, about: FramePart): Operation<ServerPath> {
  const { part, id, summary, description, schema } = about;
  return {
    route: `GET /api/v1/racks/:rack/servers/:server/${part}`,
    id,
    tag: 'streams',
    summary,
    description,
    path: ServerPathSchema,
    answer: { status: 200, description: summary, schema },
    problems: {
      404: 'There is no such rack or server',
      503: 'Too few samples of this server came, or too many others of its rack are watched',
      504: 'The rack did not answer in time',
    },
    access: 'read',
    async handle({ path }) {
      const frame = await askRack(options, path);
      if ('status' in frame) return frame;
      const found = frame[part];
      if (found !== null) return json(found);
      return problem(503, `Server ${path.server} of rack ${path.rack} has not given enough samples yet.`);
    },
  };
}

/** A frame of the server made from now on, or what to answer instead. */
async function askRack(
  { aggregate, watches, frameDeadlineMs = DEADLINE_MS }: StreamOperationsOptions,
  { rack: rackId, server: serverId }: ServerPath,
): Promise<StreamFrame | HttpResponse> {
  const rack = aggregate.rack(rackId);
  if (rack === null) return noRack(aggregate, rackId);
  if (!rack.health.servers.some((server) => server.server_id === serverId)) return noServer(rack.health, serverId);
  if (!watches.hasRoom(rackId, serverId)) return problem(503, WATCHED_BY_OTHERS);
  const frame = await nextFrame(watches, { rackId, serverId }, frameDeadlineMs);
  return frame ?? problem(504, `Rack ${rackId} did not answer within ${frameDeadlineMs / 1000} s.`);
}
