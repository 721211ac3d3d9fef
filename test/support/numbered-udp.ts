import { createSocket, type Socket } from 'node:dgram';

// A program for a test. `receive` prints its two ports, notes when which number came on each (`garbled` for what is not
// as it was sent), and prints that once the last number came on the first. `send HOST PORT HOST PORT COUNT PER_SECOND` sends numbered datagrams of 32 bytes to both
// places, prints when each left, and sends the last number when it is told to on stdin. Times are of the monotonic clock,
// which all processes of one kernel share. Nothing is printed while packets are on their way: that would disturb them.

const PAYLOAD_BYTES = 32;
const LAST = 0xff_ff_ff_ff;

function receive(): void {
  const lines: string[] = [];
  const sockets = ['impaired', 'clean'].map((way) => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.on('message', (bytes) => {
      const number = bytes.readUInt32BE(0);
      if (!bytes.equals(numbered(number))) lines.push(`garbled ${way} ${bytes.toString('hex')}`);
      else if (number !== LAST) lines.push(`${way} ${number} ${process.hrtime.bigint()}`);
      else if (way === 'impaired') process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0));
    });
    return socket;
  });
  let bound = 0;
  const onListening = (): void => {
    if (++bound === 2) process.stdout.write(`ports ${sockets.map((socket) => socket.address().port).join(' ')}\n`);
  };
  for (const socket of sockets) socket.bind(0, onListening);
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function send(impaired: Place, clean: Place, { count, perSecond }: { count: number; perSecond: number }): void {
  const socket = createSocket('udp4');
  const lines: string[] = [];
  const startMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
    while (lines.length < due) {
      const bytes = numbered(lines.length);
      lines.push(`sent ${lines.length} ${process.hrtime.bigint()}`);
      socket.send(bytes, impaired.port, impaired.host);
      socket.send(bytes, clean.port, clean.host);
    }
    if (lines.length < count) return;
    clearInterval(timer);
    process.stdout.write(`${lines.join('\n')}\n`);
  }, 1);
  process.stdin.once('data', () => sendLast(socket, impaired));
}

function sendLast(socket: Socket, { port, host }: Place): void {
  socket.send(numbered(LAST), port, host, () => process.exit(0));
}

function numbered(number: number): Buffer {
  const bytes = Buffer.alloc(PAYLOAD_BYTES, 0x4e);
  bytes.writeUInt32BE(number, 0);
  // A flipped bit makes another number, but not both.
  bytes.writeUInt32BE(LAST - number, 4);
  return bytes;
}

const [role, host = '', port, cleanHost = '', cleanPort, count, perSecond] = process.argv.slice(2);
if (role === 'send') {
  const places = [
    { host, port: Number(port) },
    { host: cleanHost, port: Number(cleanPort) },
  ] as const;
  send(...places, { count: Number(count), perSecond: Number(perSecond) });
} else receive();
