import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { TestContext } from 'node:test';
import type { StreamFrame } from '../../src/wire/api/frame.ts';
import { isFrameLine, parseFrame } from '../../src/wire/frame-line.ts';
import { createLineDecoder } from '../../src/wire/line-decoder.ts';
import { encodeReportAck } from '../../src/wire/report-ack.ts';
import { MAX_LINE_BYTES, parseReport, type Report } from '../../src/wire/report-lines.ts';
import { encodeWatchRequest, type WatchRequest } from '../../src/wire/watch-request.ts';
import { lastingPort } from './lasting-port.ts';

interface DoubleOptions {
  readonly acknowledges: boolean;
  readonly tls?: TlsOptions;
}

/** Stands where a datacenter stands: takes report lines, and says so if it is one that acknowledges. */
export class DatacenterDouble {
  /** In the order of their coming, over all connections. */
  readonly reports: Report[] = [];
  readonly frames: StreamFrame[] = [];
  /** Lines that were neither reports nor frames. */
  readonly broken: string[] = [];
  /** While true, bytes that come are neither read nor acknowledged. */
  isDeaf = false;
  connections = 0;
  readonly #options: DoubleOptions;
  readonly #sockets = new Set<Socket>();
  readonly port = lastingPort();
  #server: Server | null = null;

  constructor(options: DoubleOptions) {
    this.#options = options;
  }

  /** Listens, the second time on the same port as the first. */
  async open(): Promise<void> {
    const onSocket = (socket: Socket): void => this.#take(socket);
    const { tls } = this.#options;
    const server = tls ? createTlsServer(tls, onSocket) : createServer(onSocket);
    this.#server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Takes no connections any more, and destroys those there are. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  /** Destroys every connection, unread bytes and all. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Reads nothing of what comes, until it resumes. */
  pause(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  /** Asks all that are connected for frames. */
  watch(request: Omit<WatchRequest, 'type'>): void {
    this.say(encodeWatchRequest(request));
  }

  say(line: string): void {
    for (const socket of this.#sockets) socket.write(`${line}\n`);
  }

  #take(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    if (this.isDeaf) return;
    const decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
    socket.on('data', (bytes: Buffer) => {
      for (const event of decoder.push(bytes)) this.#hear(event.kind === 'line' ? event.text : 'too long', socket);
    });
  }

  #hear(line: string, socket: Socket): void {
    const frame = isFrameLine(line) ? parseFrame(line) : null;
    if (frame !== null) {
      this.frames.push(frame);
      return;
    }
    const parsed = parseReport(line);
    if (parsed.kind === 'rejected') {
      this.broken.push(line);
      return;
    }
    const { report } = parsed;
    this.reports.push(report);
    const { boot_id, sequence } = report;
    if (!this.#options.acknowledges || boot_id === undefined || sequence === undefined) return;
    socket.write(`${encodeReportAck({ boot_id, sequence })}\n`);
  }
}

/** Opens a double, and closes it when the test is over. */
export async function startDatacenterDouble(context: TestContext, options: DoubleOptions): Promise<DatacenterDouble> {
  const double = new DatacenterDouble(options);
  context.after(() => double.close());
  await double.open();
  return double;
}
