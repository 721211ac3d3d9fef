import type { LineFamily } from './line-families.ts';
import { spanWords, withUnit } from './number-words.ts';
import type { SpectralLine } from './spectral-lines.ts';
import { linesSentence, offsetWords } from './spectrum-words.ts';

/** The lines that were found, as words. */
export function LineList(props: {
  readonly lines: readonly SpectralLine[];
  readonly family: LineFamily | null;
  readonly hasSpectrum: boolean;
}) {
  const { lines, family, hasSpectrum } = props;
  if (!hasSpectrum) return null;
  return (
    <div class="lines">
      <p>{linesSentence(lines, family)}</p>
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line.offsetHz}>
              <b>{offsetWords(line.offsetHz)}</b> every {spanWords(line.periodSeconds)}, {withUnit(line.powerDb, 'dB')}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
