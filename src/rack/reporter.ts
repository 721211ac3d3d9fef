import { connectWithBackoff } from '../io/tcp-client.ts';
import type { TlsMaterial } from '../io/tls-files.ts';
import type { StreamFrame } from '../wire/api/frame.ts';
import { encodeFrame } from '../wire/frame-line.ts';
import { createLineDecoder } from '../wire/line-decoder.ts';
import { parseIncidentRequest, type IncidentRequest } from '../wire/incident-request.ts';
import { parseReportAck } from '../wire/report-ack.ts';
import { encodeReport, type Report } from '../wire/report-lines.ts';
import { parseWatchRequest, type WatchRequest } from '../wire/watch-request.ts';
import { ReportQueue } from './report-queue.ts';

/** Most memory that kept reports take, whatever their number. */
const MAX_QUEUE_BYTES = 32 * 2 ** 20;
/** Acknowledgements, and requests for frames. */
const MAX_ANSWER_LINE_BYTES = 4096;
const LONGEST_RETRY_MS = 5000;
/** An acknowledgement takes milliseconds: a datacenter that gave none for so many reports does not acknowledge. */
const REPORTS_WITHOUT_ACK = 5;

export interface ReporterOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMaterial | null;
  readonly bootId: number;
  readonly maxReports: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The datacenter can be reached now, or cannot any more, with the code of the error; not told again at each try. */
  readonly onConnection: (isConnected: boolean, cause: string | null) => void;
  /** The datacenter asks for frames; null: it is gone, and with it whoever watched. */
  readonly onWatch: (request: WatchRequest | null) => void;
  /** The datacenter asks for capsules; null: it is gone. */
  readonly onIncidentRequest?: (request: IncidentRequest | null) => void;
}

/** The report line to the datacenter. */
export interface Reporter {
  readonly isConnected: boolean;
  /** Reports written, those written again included. */
  readonly sent: number;
  readonly dropped: number;
  /** Reports kept until the datacenter has them. */
  readonly queued: number;
  readonly framesSent: number;
  /** Frames that could not be written at once. */
  readonly framesDropped: number;
  /** Takes a report; its sequence number must be one above the last. */
  push(report: Report & { readonly sequence: number }): void;
  /** Writes a frame if nothing waits to be written, and drops it otherwise: a newer one will come. */
  offer(frame: StreamFrame): void;
  /** Writes a line of capsules if nothing waits to be written; false: it was not, and may be told later. */
  tell(text: string): boolean;
  /** Flushes what the connection takes within a second, then closes. Idempotent. */
  close(): Promise<void>;
}

/**
 * Delivers reports in order, each at least once, over a line that may come and go. A datacenter that acknowledges is
 * sent a report again until it does; for one that does not, a report is delivered when the kernel took it.
 */
export function startReporter(options: ReporterOptions): Reporter {
  const queue = new ReportQueue({ maxReports: options.maxReports, maxBytes: MAX_QUEUE_BYTES });
  let decoder = createLineDecoder({ maxLineBytes: MAX_ANSWER_LINE_BYTES });
  let reportsWithoutAck = 0;
  let isReachable: boolean | null = null;
  let sent = 0;
  let framesSent = 0;
  let framesDropped = 0;

  const line = connectWithBackoff({
    host: options.host,
    port: options.port,
    tls: options.tls,
    random: options.random,
    longestRetryMs: LONGEST_RETRY_MS,
    onState(state, cause) {
      if (state === 'connected') {
        decoder = createLineDecoder({ maxLineBytes: MAX_ANSWER_LINE_BYTES });
        reportsWithoutAck = 0;
        tellState(true, null);
      } else if (state === 'waiting') {
        queue.rewind();
        options.onWatch(null);
        options.onIncidentRequest?.(null);
        tellState(false, cause);
      }
    },
    onWritable: pump,
    onData(bytes) {
      for (const event of decoder.push(bytes)) if (event.kind === 'line') take(event.text);
    },
  });

  function tellState(isNowReachable: boolean, cause: string | null): void {
    if (isNowReachable !== isReachable) options.onConnection(isNowReachable, cause);
    isReachable = isNowReachable;
  }

  function take(text: string): void {
    const ack = parseReportAck(text);
    if (ack?.boot_id === options.bootId) {
      reportsWithoutAck = 0;
      queue.acknowledge(ack.sequence);
    }
    if (ack !== null) return;
    const watch = parseWatchRequest(text);
    if (watch !== null) return options.onWatch(watch);
    const request = parseIncidentRequest(text);
    if (request !== null) options.onIncidentRequest?.(request);
  }

  function pump(): void {
    for (let report = queue.next(); report; report = queue.next()) {
      const { sequence, bytes } = report;
      if (!line.write(bytes, (isWritten) => isWritten && queue.markFlushed(sequence))) return;
      queue.markWritten(sequence);
      sent++;
    }
  }

  return {
    get isConnected() {
      return line.state === 'connected';
    },
    get sent() {
      return sent;
    },
    get dropped() {
      return queue.dropped;
    },
    get queued() {
      return queue.length;
    },
    get framesSent() {
      return framesSent;
    },
    get framesDropped() {
      return framesDropped;
    },
    push(report) {
      if (line.state === 'connected' && ++reportsWithoutAck > REPORTS_WITHOUT_ACK) queue.forgetFlushed();
      const bytes = Buffer.from(`${encodeReport(report).join('\n')}\n`);
      queue.push({ sequence: report.sequence, bytes });
      pump();
    },
    offer(frame) {
      // What this connection does not take yet is for reports first.
      if (queue.next() === null && line.write(`${encodeFrame(frame)}\n`)) framesSent++;
      else framesDropped++;
    },
    // A part of a capsule is no more than a report of a few servers.
    tell: (text) => queue.next() === null && line.write(`${text}\n`),
    close: () => line.close(),
  };
}
