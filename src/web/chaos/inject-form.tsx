import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import { api } from '../store/api.ts';
import { refreshChaos } from '../store/session.ts';
import { useStore } from '../store/use-store.ts';
import { readForm, type ChaosForm, type KnownRacks } from './chaos-form.ts';
import { chosenForm, follow, type LookedAt } from './chosen-form.ts';
import { FaultRows } from './fault-rows.tsx';
import { replacedBy } from './injection-words.ts';
import { TargetRows } from './target-rows.tsx';
import type { Told } from './told.ts';

interface InjectFormProps {
  readonly known: KnownRacks;
  readonly injections: readonly ChaosNotice[];
  readonly lookedAt: LookedAt;
  /** Runs what is asked of the controller and says how it went. */
  readonly tell: (ask: () => Promise<Told>) => Promise<void>;
  /** Something else was chosen. */
  readonly onChange: () => void;
  /** What was chosen cannot be asked for, as the form itself says. */
  readonly onRefused: () => void;
  readonly isBusy: boolean;
}

/** Chooses a fault, a place and a time, and injects. */
export function InjectForm({ known, injections, lookedAt, tell, onChange, onRefused, isBusy }: InjectFormProps) {
  const { form } = useStore(chosenForm);
  useLayoutEffect(() => chosenForm.set(follow(chosenForm.value, lookedAt)), [lookedAt?.rackId, lookedAt?.serverId]);
  const [wasTried, setTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const read = readForm(form, known);
  const problems = new Map(
    wasTried && read.kind === 'problems' ? read.problems.map(({ field, text }) => [field, text]) : [],
  );
  const change = (changes: Partial<ChaosForm>) => {
    const { value } = chosenForm;
    chosenForm.set({ ...value, form: { ...value.form, ...changes } });
    onChange();
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (read.kind === 'problems') {
      onRefused();
      return focusFirstProblem(element.current);
    }
    await tell(async () => {
      const notice = await api.post<ChaosNotice>('/api/v1/chaos/injections', read.request);
      await refreshChaos();
      return { kind: 'done', words: `In force: ${notice.description} on ${notice.scope}.`, notice };
    });
  };
  return (
    <form
      class="chaos-form"
      ref={element}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TargetRows form={form} known={known} problems={problems} change={change} />
      <FaultRows form={form} problems={problems} change={change} />
      <p class="chaos-summary">{read.kind === 'request' ? summaryOf(read, injections) : null}</p>
      <button class="chaos-inject" type="submit" disabled={isBusy}>
        {isBusy ? 'Injecting…' : 'Inject'}
      </button>
    </form>
  );
}

function summaryOf(
  { words, request }: Extract<ReturnType<typeof readForm>, { kind: 'request' }>,
  injections: readonly ChaosNotice[],
): string {
  const replaced = replacedBy(request, injections).map(({ description, scope }) => `${description} on ${scope}`);
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return replaced.length === 0 ? sentence : `${sentence} There it takes the place of ${replaced.join(' and ')}.`;
}

/** The problems are drawn first; then the keyboard goes where something has to be changed. */
function focusFirstProblem(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
