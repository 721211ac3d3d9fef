import { WindowAnalyzer } from '../core/window-analyzer.ts';
import type { Incident } from '../wire/api/incident.ts';
import { type Analysis, analyzeRecording } from './analyze-recording.ts';
import { hearingOf, type HearingOptions, hearingProblem } from './hearing.ts';
import { parseRecordedLine } from './recorded-line.ts';
import { Recording } from './recording.ts';
import type { SampleLine } from './sample-line.ts';

/** Longest line that is read. */
export const MAX_LINE_BYTES = 64 * 1024;
/** A rack keeps no more capsules of all its servers; of further ones of a server only the newest counts. */
const MAX_HEADS = 256;

export interface ReadingOptions extends HearingOptions {
  /** Gets what is wrong with a line, as a sentence that names it by its number. */
  readonly onProblem: (problem: string) => void;
}

/** What is known of one server. */
interface Heard {
  readonly recording: Recording;
  /** Of its newest capsule; null where the file has none. */
  head: Incident | null;
  /** Of all its capsules. */
  readonly heads: Incident[];
  firstLine: number;
}

/**
 * All recordings of a file, line by line, and what was wrong in it. Free of Node, so that a browser can have it. Heads of
 * incidents may stand anywhere: with what a server is heard is decided in the end.
 */
export class Reading {
  lines = 0;
  /** Lines that could not be used. */
  broken = 0;
  samples = 0;
  /** Heads of incidents. */
  heads = 0;
  readonly #servers = new Map<string, Heard>();
  readonly #options: ReadingOptions;
  #endSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** Takes the next line without its newline; null where it was longer than `MAX_LINE_BYTES`. */
  take(text: string | null): void {
    this.lines++;
    if (text !== null && text.trim() === '') return;
    const line = text === null ? `longer than ${MAX_LINE_BYTES} bytes` : parseRecordedLine(text);
    if (typeof line === 'string') this.#refuse(`line ${this.lines}: ${line}`);
    else if (line.kind === 'sample') this.#addSample(line.sample);
    else this.#addHead(line.head);
  }

  /** One analysis for each server, by rack and server id. What cannot be heard is named as a problem and left out. */
  *analyses(): Generator<Analysis> {
    const analyzers = new Map<number, WindowAnalyzer>();
    const servers = [...this.#servers.values()].filter(({ recording }) => recording.length > 0);
    const byId = servers.toSorted(
      ({ recording: a }, { recording: b }) => a.rackId - b.rackId || a.serverId - b.serverId,
    );
    for (const { recording, head, heads, firstLine } of byId) {
      const hearing = hearingOf(recording, head, this.#options);
      const problem = hearingProblem(hearing);
      if (problem !== null) {
        const who = `rack ${recording.rackId} server ${recording.serverId}`;
        const lines = recording.length === 1 ? '' : `; ${recording.length} lines of it are left out`;
        this.#refuse(`line ${firstLine}: ${who} has ${problem}${lines}`, recording.length);
        continue;
      }
      const analyzer = analyzers.get(hearing.windowSlots) ?? new WindowAnalyzer(hearing.windowSlots);
      analyzers.set(hearing.windowSlots, analyzer);
      yield analyzeRecording(recording, {
        hearing,
        analyzer,
        fileEndSeconds: this.#endSeconds,
        incidents: heads,
      });
    }
  }

  #addSample(line: SampleLine): void {
    this.#heard(line).recording.add(line);
    this.samples++;
    this.#endSeconds = Math.max(this.#endSeconds, line.recv_ts);
  }

  #addHead(head: Incident): void {
    const heard = this.#heard(head);
    heard.recording.beginPart();
    this.heads++;
    if (heard.heads.length < MAX_HEADS) heard.heads.push(head);
    if (heard.head === null || head.detected > heard.head.detected) heard.head = head;
  }

  #heard({ rack_id: rackId, server_id: serverId }: Pick<SampleLine, 'rack_id' | 'server_id'>): Heard {
    const key = `${rackId}/${serverId}`;
    let heard = this.#servers.get(key);
    if (heard === undefined) {
      heard = { recording: new Recording(rackId, serverId), head: null, heads: [], firstLine: this.lines };
      this.#servers.set(key, heard);
    }
    return heard;
  }

  #refuse(problem: string, lines = 1): void {
    this.broken += lines;
    this.#options.onProblem(problem);
  }
}
