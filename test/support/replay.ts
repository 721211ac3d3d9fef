import { hearAgain } from '../../src/web/replay/hear-again.ts';
import type { HeardRecording, Moment } from '../../src/web/replay/heard-recording.ts';
import { readRecording } from '../../src/web/replay/read-recording.ts';
import type { RecordingFile } from '../../src/web/replay/recording-file.ts';
import type { Pacer } from '../../src/web/replay/slices.ts';

/** Never stops to let others have their turn. */
export const NO_PACER: Pacer = { pause: () => Promise.resolve() };

/** Reads a text as the page reads a file. */
export function readText(text: string, name = 'a.ndjson'): Promise<RecordingFile> {
  return readRecording(new File([text], name), NO_PACER);
}

/** Reads a text, and hears the first server in it. */
export async function hearText(text: string): Promise<HeardRecording> {
  const file = await readText(text);
  const [first] = file.servers();
  if (first === undefined) throw new Error('there is no server in it');
  return hearAgain(first, file.endSeconds, NO_PACER);
}

/** The kinds of faults of a moment's verdict, by name. */
export function kindsOf(moment: Moment | undefined): readonly string[] {
  return moment?.verdict.faults.map(({ kind }) => kind).toSorted() ?? [];
}
