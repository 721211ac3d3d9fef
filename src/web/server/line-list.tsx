import type { LineFamily } from './line-families.ts';
import type { SpectralLine } from './spectral-lines.ts';
import { lineItems, linesSentence } from './spectrum-words.ts';

/** The lines that were found, as words. */
export function LineList(props: {
  readonly lines: readonly SpectralLine[];
  readonly family: LineFamily | null;
  /** Windows before this one had the same period. */
  readonly isSteady: boolean;
  readonly hasSpectrum: boolean;
}) {
  const { lines, family, isSteady, hasSpectrum } = props;
  if (!hasSpectrum) return null;
  return (
    <div class="lines">
      <p>{linesSentence(lines, { family, isSteady })}</p>
      {lines.length > 0 && (
        <ul>
          {lineItems(lines, family).map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
