import './state-line.css';
import type { GroupStatus } from '../../core/verdict.ts';
import type { HealthModel } from '../store/health-model.ts';
import { Mark } from '../status/mark.tsx';
import { countStatuses, markOfGroup, SHOWN_STATUSES, type ShownStatus } from '../status/shown-status.ts';
import { usePastAt } from '../store/hooks.ts';
import { timeWords } from '../words/number-words.ts';
import { stateWords } from '../words/state-words.ts';

interface StateLineProps {
  readonly health: HealthModel;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

/** The state of everything in a line: score, word, how many are ill, and the counts that are the legend too. */
export function StateLine({ health: { tree }, filter, onFilter }: StateLineProps) {
  const counts = countStatuses(tree.racks);
  const pastAt = usePastAt();
  const score = tree.health_score;
  const word = scoreWord(tree.status, counts.warning + counts.critical + counts.silent);
  return (
    <section class="state" aria-label="State" data-past={pastAt !== null}>
      <p class="score" title="1 is perfect: one minus the mean error of all servers">
        <strong>{score === null ? '–' : score.toFixed(3)}</strong>
        <span>
          <Mark status={markOfGroup(tree.status)} />{' '}
          {pastAt === null ? word : `was ${tree.status} at ${timeWords(pastAt)}`}
        </span>
      </p>
      <p class="state-sentence" role="status">
        {stateWords(tree, pastAt)}
      </p>
      <Counts counts={counts} filter={filter} onFilter={onFilter} />
    </section>
  );
}

type CountsProps = Pick<StateLineProps, 'filter' | 'onFilter'> & {
  readonly counts: Readonly<Record<ShownStatus, number>>;
};

function Counts({ counts, filter, onFilter }: CountsProps) {
  return (
    <ul class="counts" aria-label="Servers of each status">
      {SHOWN_STATUSES.filter((status) => status !== 'unknown' || counts.unknown > 0).map((status) => (
        <li key={status}>
          <button
            type="button"
            aria-pressed={filter === status}
            data-none={counts[status] === 0}
            title={filter === status ? 'Show all servers' : `Show only servers that are ${status}`}
            onClick={() => onFilter(filter === status ? '' : status)}
          >
            <Mark status={status} />
            <b>{counts[status]}</b> {status}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What the score says; of the signal alone where faults that hardly destroy it have made servers ill. */
function scoreWord(status: GroupStatus, ill: number): string {
  return status === 'healthy' && ill > 0 ? 'signal healthy' : status;
}
