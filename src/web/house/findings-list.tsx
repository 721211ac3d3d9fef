import './findings-list.css';
import { useMemo } from 'preact/hooks';
import type { DatacenterHealth } from '../../core/verdict.ts';
import { agoWords, timeWords } from '../words/number-words.ts';
import { Mark } from '../status/mark.tsx';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { useNow, usePastAt } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import { controllerNow } from '../store/session.ts';
import { largestErrorWords } from '../words/all-well.ts';
import { capital, sentenceOf, sinceWord, type Finding } from '../words/finding.ts';
import { findingsOf } from '../words/findings.ts';

/** Nobody reads more at once; the rest is said as a number. */
const MOST_SHOWN = 60;

/** What is wrong now, worst first, a sentence each. */
export function FindingsList(of: { readonly tree: DatacenterHealth; readonly events: readonly DatacenterEvent[] }) {
  const { tree, events } = of;
  useNow();
  const pastAt = usePastAt();
  const findings = useMemo(() => findingsOf(tree, events), [tree, events]);
  const rest = findings.length - MOST_SHOWN;
  return (
    <section class="panel" aria-labelledby="wrong-now">
      <header>
        <h2 id="wrong-now">{pastAt === null ? 'What is wrong now' : `What was wrong at ${timeWords(pastAt)}`}</h2>
        {findings.length > 0 && <span class="soft">worst first</span>}
      </header>
      {findings.length === 0 ? (
        <p class="quiet">{pastAt === null ? `Nothing. ${largestErrorWords(tree)}` : 'Nothing was known then.'}</p>
      ) : (
        <ul class="findings">
          {findings.slice(0, MOST_SHOWN).map((finding) => (
            <FindingItem key={finding.key} finding={finding} now={pastAt ?? controllerNow()} />
          ))}
        </ul>
      )}
      {rest > 0 && <p class="quiet">… and {rest} more.</p>}
    </section>
  );
}

interface FindingProps {
  readonly finding: Finding;
  /** Unix seconds. */
  readonly now: number;
}

function FindingItem({ finding, now }: FindingProps) {
  const { rackId, serverId, status, help } = finding;
  const to =
    serverId === null
      ? ({ to: { kind: 'house' }, query: { q: `rack ${rackId}` } } as const)
      : ({ to: { kind: 'server', rackId, serverId } } as const);
  return (
    <li data-note={status === 'healthy'}>
      <Link class="finding" {...to} title={sentenceOf(finding, now)}>
        <FindingWords finding={finding} now={now} />
      </Link>
      {help !== null && (
        <a class="finding-help" href={help.path}>
          {help.text}
        </a>
      )}
    </li>
  );
}

function FindingWords({ finding: { status, who, what, since, certainty }, now }: FindingProps) {
  return (
    <>
      <Mark status={status} />
      <span class="finding-text">
        <b>{who}</b>: {what}
        {since !== null && (
          <>
            {sinceWord(certainty)} <time dateTime={new Date(since * 1000).toISOString()}>{timeWords(since)}</time>
          </>
        )}
        .{certainty !== null && <span class="soft"> {capital(certainty)}</span>}
      </span>
      {since !== null && <span class="finding-ago">{agoWords(now - since)}</span>}
    </>
  );
}
