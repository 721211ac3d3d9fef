import type { RackFault } from '../../core/verdict.ts';
import { faultCertainty, rackFaultPhrase } from '../../words/fault-words.ts';
import { Mark } from '../status/mark.tsx';
import { markOfSeverity, worstFirst } from '../words/fault-order.ts';
import { capital } from '../words/finding.ts';
import { NARROW_SPACE, timeWords } from '../words/number-words.ts';

/** What a rack has itself, a line a fault. */
export function RackFaults({ faults, serverCount }: { faults: readonly RackFault[]; serverCount: number }) {
  if (faults.length === 0) return null;
  return (
    <ul class="rack-faults" aria-label="Faults of the rack">
      {worstFirst(faults).map((fault) => (
        <li key={fault.kind} title={`${capital(faultCertainty(fault, NARROW_SPACE))}.`}>
          <Mark status={markOfSeverity(fault.severity)} />
          <span class="visually-hidden">{fault.severity}: </span>
          <span>
            {rackFaultPhrase(fault, serverCount, NARROW_SPACE)}, since {timeWords(fault.since)}
          </span>
        </li>
      ))}
    </ul>
  );
}
