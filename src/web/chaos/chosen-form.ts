import { Store } from '../store/store.ts';
import { initialForm, type ChaosForm } from './chaos-form.ts';

/** The server that is looked at; null on a page of none. */
export type LookedAt = { readonly rackId: number; readonly serverId: number } | null;

/** What was chosen, and what was looked at then. */
export interface ChosenForm {
  readonly form: ChaosForm;
  readonly lookedAt: LookedAt;
}

/**
 * Kept as long as the page lives, beyond the panel and its form: who chose a delay and sees the controller come back, or
 * looks at another server, must not inject what nobody chose.
 */
export const chosenForm = new Store<ChosenForm>({ form: initialForm(null), lookedAt: null });

/** Only the target follows, and only to a server that was not looked at before: fault, values and duration stay. */
export function follow(chosen: ChosenForm, lookedAt: LookedAt): ChosenForm {
  const before = chosen.lookedAt;
  if (lookedAt?.rackId === before?.rackId && lookedAt?.serverId === before?.serverId) return chosen;
  if (lookedAt === null) return { ...chosen, lookedAt };
  const { rack, server } = initialForm(lookedAt);
  return { form: { ...chosen.form, rack, server }, lookedAt };
}
