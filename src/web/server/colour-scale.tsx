import { colourText, WATERFALL_RANGE_DB } from './colour-map.ts';
import { tickWords } from '../words/number-words.ts';

const STOPS = 16;
const { low, high } = WATERFALL_RANGE_DB;
const RAMP = Array.from({ length: STOPS }, (_, at) => colourText(low + ((high - low) * at) / (STOPS - 1))).join(', ');

/** What the colours of the waterfall mean. */
export function ColourScale() {
  return (
    <div class="colour-scale">
      <span>{tickWords(low)} dB</span>
      <i style={{ background: `linear-gradient(to right, ${RAMP})` }} />
      <span>{tickWords(high)} dB, a clean tone</span>
    </div>
  );
}
