import type { LineFamily } from './line-families.ts';
import type { SpectralLine } from './spectral-lines.ts';
import { lineItems, linesSentence } from './spectrum-words.ts';

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
          {lineItems(lines, family).map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
