import './findings-list.css';
import { useMemo } from 'preact/hooks';
import type { DatacenterHealth } from '../../core/verdict.ts';
import { agoWords, timeWords } from '../words/number-words.ts';
import { Mark } from '../status/mark.tsx';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { useNow, usePastAt } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import { controllerNow } from '../store/session.ts';
import { findingsOf, largestErrorWords, sentenceOf, type Finding } from '../words/findings.ts';

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
            <li key={finding.key}>
              <FindingLine finding={finding} now={pastAt ?? controllerNow()} />
              {finding.help !== null && (
                <a class="finding-help" href={finding.help.path}>
                  {finding.help.text}
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && <p class="quiet">… and {rest} more.</p>}
    </section>
  );
}

function FindingLine({ finding, now }: { readonly finding: Finding; readonly now: number }) {
  const { rackId, serverId, status, who, what, since, certainty } = finding;
  const words = (
    <>
      <Mark status={status} />
      <span class="finding-text">
        <b>{who}</b>: {what}
        {since !== null && (
          <>
            {' '}
            since <time dateTime={new Date(since * 1000).toISOString()}>{timeWords(since)}</time>
          </>
        )}
        .{certainty !== null && <span class="soft"> {certainty}</span>}
      </span>
      {since !== null && <span class="finding-ago">{agoWords(now - since)}</span>}
    </>
  );
  const title = sentenceOf(finding, now);
  return serverId === null ? (
    <Link class="finding" to={{ kind: 'house' }} query={{ q: `rack ${rackId}` }} title={title}>
      {words}
    </Link>
  ) : (
    <Link class="finding" to={{ kind: 'server', rackId, serverId }} title={title}>
      {words}
    </Link>
  );
}
