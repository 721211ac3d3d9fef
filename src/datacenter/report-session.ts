import { createLineDecoder, type LineEvent } from '../wire/line-decoder.ts';
import { encodeReportAck } from '../wire/report-ack.ts';
import { MAX_LINE_BYTES, parseReport, type Report } from '../wire/report-lines.ts';
import type { Aggregate, LineRejection } from './aggregate.ts';
import type { RackLines } from './live/rack-lines.ts';

export interface ReportSessionOptions {
  /** Names the connection. */
  readonly connection: number;
  readonly aggregate: Aggregate;
  /** Where frames and capsules go; without it, they are no reports. */
  readonly lines?: RackLines;
  /** A line was turned away; `detail` says what was wrong with it. It is counted already. */
  readonly onReject?: (reason: LineRejection, detail: string | null) => void;
}

/** One connection's protocol: takes the bytes of reports, gives those of acknowledgements. */
export class ReportSession {
  readonly #options: ReportSessionOptions;
  readonly #decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });

  constructor(options: ReportSessionOptions) {
    this.#options = options;
  }

  /**
   * Takes bytes, whatever they are, and gives what to answer: an acknowledgement for every report with a boot id and a
   * sequence number of which this was the last part. One that came before is acknowledged again, since its first
   * acknowledgement may be what was lost.
   */
  receive(bytes: Uint8Array, nowSeconds: number): string {
    let answer = '';
    for (const event of this.#decoder.push(bytes)) answer += this.#take(event, nowSeconds);
    return answer;
  }

  close(): void {
    this.#options.aggregate.disconnect(this.#options.connection);
  }

  #take(event: LineEvent, nowSeconds: number): string {
    if (event.kind === 'too-long') return this.#reject('too-long');
    const { connection, aggregate, lines, onReject } = this.#options;
    if (lines?.isAnswer(event.text)) {
      const rejection = lines.takeAnswer(event.text, connection);
      return rejection === null ? '' : this.#reject(rejection);
    }
    const parsed = parseReport(event.text);
    if (parsed.kind === 'rejected') return this.#reject(parsed.reason, parsed.detail);
    const { report } = parsed;
    const receipt = aggregate.receive({ report, characters: event.text.length, connection }, nowSeconds);
    if (receipt.kind === 'part') return '';
    if (receipt.kind === 'taken') {
      lines?.heard(report, connection);
      return acknowledgement(report);
    }
    onReject?.(receipt.reason, null);
    return receipt.reason === 'duplicate' && isLastPart(report) ? acknowledgement(report) : '';
  }

  #reject(reason: LineRejection, detail: string | null = null): string {
    this.#options.aggregate.reject(reason);
    this.#options.onReject?.(reason, detail);
    return '';
  }
}

function isLastPart({ part = 0, parts = 1 }: Report): boolean {
  return part === parts - 1;
}

function acknowledgement({ boot_id, sequence }: Report): string {
  return boot_id === undefined || sequence === undefined ? '' : `${encodeReportAck({ boot_id, sequence })}\n`;
}
