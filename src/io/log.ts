import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/**
 * Structured log: one JSON line an event, on stderr unless a destination is given. Written synchronously, so that the
 * last line before an exit is not lost.
 */
export function createLog(options: { role: string; level: string; destination?: DestinationStream }): Log {
  const { role, level, destination = pino.destination({ fd: 2, sync: true }) } = options;
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: { role }, formatters, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
