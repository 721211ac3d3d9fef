import type { TimeBand } from '../server/time-bands.ts';
import { faultName } from '../../words/fault-words.ts';
import type { HeardRecording } from './heard-recording.ts';

/** The faults of a recording as bands; that the rack itself was late is none of the server's. */
export function replayBands({ faults, moments }: Pick<HeardRecording, 'faults' | 'moments'>): readonly TimeBand[] {
  const end = moments.at(-1)?.seconds ?? null;
  return faults
    .filter(({ kind }) => kind !== 'observer')
    .map(({ kind, since, until, severity }) => {
      const band = { kind: 'fault', from: since, until: until ?? end, label: faultName(kind) } as const;
      return severity === 'info' ? { ...band, isNote: true } : band;
    });
}
