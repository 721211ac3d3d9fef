import { systemSeconds } from '../io/clock.ts';
import { messageOf } from '../io/error-text.ts';
import { printable } from '../terminal/display-width.ts';
import { fetchChaos } from '../terminal/fetch-chaos.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { createAnnouncer } from './announcer.ts';
import { warn, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { compareShown, type Findings, type Narrower } from './compare-shown.ts';

const TIMEOUT_MS = 5000;

/**
 * Tells the datacenter of the end of what it takes for active and nobody holds any more: what was replaced, or ended
 * with its holder, when whoever had announced it was gone. What is left on some of its servers only is announced as that.
 * The user is told of either, since what was shown was wrong. Only of injections on servers of this target. Never throws:
 * what does not work is a warning at most.
 */
export async function reconcile(reach: Reach, output: ChaosOutput, signal: AbortSignal): Promise<void> {
  const { target, apiUrl, token } = reach;
  if (token === null) return;
  try {
    // Asked first: what is announced is in force already, and so the target knows it if it still is.
    const active = await fetchChaos(apiUrl, { timeoutMs: TIMEOUT_MS, signal, token });
    if (active === null || active.length === 0) return;
    const { phantoms, narrower } = await compareShown(target, active, { signal, nowSeconds: systemSeconds() });
    await endPhantoms(reach, output, { phantoms, signal });
    if (narrower.length === 0 || signal.aborted) return;
    for (const one of narrower) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await announceNarrower(reach, output, one);
    }
    // Whoever held one may have told of its end in between, and then it was begun anew.
    const again = narrower.map(({ held }) => held);
    await endPhantoms(reach, output, {
      phantoms: (await compareShown(target, again, { signal, nowSeconds: systemSeconds() })).phantoms,
      signal,
    });
  } catch (error) {
    if (signal.aborted) return;
    warn(output, `whether the datacenter shows what is over already is not known: ${messageOf(error)}`);
  }
}

/** In the order in which they began, as events are. */
async function endPhantoms(
  reach: Reach,
  output: ChaosOutput,
  { phantoms, signal }: Pick<Findings, 'phantoms'> & { readonly signal: AbortSignal },
): Promise<void> {
  for (const notice of phantoms) {
    if (signal.aborted) return;
    // oxlint-disable-next-line no-await-in-loop -- events in the order in which they began
    await endPhantom(reach, output, notice);
  }
}

async function announceNarrower(reach: Reach, output: ChaosOutput, { shown, held }: Narrower): Promise<void> {
  const why = await createAnnouncer(reach).begin(held);
  const what = printable(`${shown.description} on ${shown.scope} (id ${shown.id})`);
  const where = `which is held on ${printable(held.scope)} only`;
  warn(
    output,
    why === null
      ? `the datacenter still showed ${what}, ${where}: told it so`
      : `the datacenter shows ${what}, ${where}: ${why}`,
  );
}

async function endPhantom(reach: Reach, output: ChaosOutput, { id, description, scope }: ChaosNotice): Promise<void> {
  const why = await createAnnouncer(reach).end({ id, ended_at: systemSeconds(), reason: 'cleared' });
  const what = printable(`${description} on ${scope} (id ${id})`);
  warn(
    output,
    why === null
      ? `the datacenter still showed ${what}, which nobody holds any more: told it so`
      : `the datacenter shows ${what}, which nobody holds any more: ${why}`,
  );
}
