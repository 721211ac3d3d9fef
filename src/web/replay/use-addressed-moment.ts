import { useQueryParameter } from '../store/navigation.ts';
import type { HeardRecording } from './heard-recording.ts';
import { momentAt } from './playback.ts';

/** Times in the address are whole milliseconds. */
const ROUNDED = 0.001;

/** The moment that the address names, null when it names none; and how to name one, Unix seconds. */
export function useAddressedMoment(
  moments: HeardRecording['moments'],
): readonly [number | null, (seconds: number) => void] {
  const [text, setText] = useQueryParameter('t');
  const seconds = text === null || text === '' ? Number.NaN : Number(text);
  const [first, last] = [moments[0]?.seconds ?? 0, moments.at(-1)?.seconds ?? 0];
  // Of another recording than this one it says nothing.
  const isHere = seconds >= first - ROUNDED && seconds <= last + ROUNDED;
  return [isHere ? momentAt(moments, seconds + ROUNDED) : null, (at) => setText(String(Math.round(at * 1000) / 1000))];
}
