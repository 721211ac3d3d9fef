import { Hub } from '../../src/datacenter/live/hub.ts';
import type { ClientPort } from '../../src/datacenter/live/live-client.ts';
import { SocketCounts } from '../../src/datacenter/live/socket-counts.ts';
import { Watches } from '../../src/datacenter/live/watches.ts';
import type { ServerMessage } from '../../src/wire/api/socket.ts';
import { aggregateOf, START_SECONDS } from './datacenter-reports.ts';

/** A port whose reader a test stops and lets go on. */
export class FakePort implements ClientPort {
  readonly messages: ServerMessage[] = [];
  pings = 0;
  pongs = 0;
  closed: number | null = null;
  isDestroyed = false;
  /** While false, what is sent stays unsent. */
  isReading = true;
  unsentBytes = 0;

  send(bytes: Buffer): void {
    if (!this.isReading) this.unsentBytes += bytes.length;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the hub sends nothing else
    this.messages.push(JSON.parse(bytes.toString()) as ServerMessage);
  }

  ping(): void {
    this.pings++;
  }

  pong(): void {
    this.pongs++;
  }

  close(code: number): void {
    this.closed = code;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  /** Reads all that is there. */
  drain(): void {
    this.isReading = true;
    this.unsentBytes = 0;
  }

  /** What came since it was last taken, as `snapshot health`. */
  take(): string[] {
    return this.messages.splice(0).map((said) => ('topic' in said ? `${said.type} ${said.topic}` : said.type));
  }
}

/** A hub without sockets, on a clock that only the test moves. */
export function openHub() {
  const time = { seconds: START_SECONDS };
  const nowSeconds = () => time.seconds;
  const aggregate = aggregateOf({ numRacks: 2 });
  const counts = new SocketCounts();
  const asked: string[] = [];
  const watches = new Watches({ nowSeconds, say: (_, line) => void asked.push(line) });
  const hub = new Hub({ aggregate, watches, counts, nowSeconds, version: '1.2.3' });
  const join = () => {
    const port = new FakePort();
    const handlers = hub.connect(port);
    const say = (type: string, topic: string) => handlers.onMessage(JSON.stringify({ type, topic }));
    return { port, ...handlers, say };
  };
  /** Lets time pass, a tick each 100 ms. */
  const pass = (seconds: number) => {
    for (let tick = 0; tick < Math.round(seconds * 10); tick++) {
      time.seconds += 0.1;
      hub.tick();
    }
  };
  return { time, aggregate, counts, watches, asked, hub, join, pass };
}
