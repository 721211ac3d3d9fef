import { useEffect, useState } from 'preact/hooks';
import type { IncidentEntry, IncidentList } from '../../wire/api/incident.ts';
import { api, ApiProblem } from '../store/api.ts';

/** How often the list is asked for anew while it is looked at: a fault is recorded for two minutes. */
const ASK_AGAIN_MS = 10_000;

/** What is known of the capsules there are. */
export interface KnownIncidents {
  /** Newest first; null before the first answer. */
  readonly incidents: readonly IncidentEntry[] | null;
  /** Why the last answer was none; null when it was one. */
  readonly problem: string | null;
  /** This controller has no such list. */
  readonly isMissing: boolean;
  /** Asks now. */
  readonly reload: () => void;
}

type Answer = Omit<KnownIncidents, 'reload'>;

/** The capsules that the controller has, as long as the component is mounted. `path`: where the API lists them. */
export function useIncidents(path: string): KnownIncidents {
  const [answer, setAnswer] = useState<Answer>({ incidents: null, problem: null, isMissing: false });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    const ask = async (): Promise<void> => {
      const next = await askOnce(path);
      if (isOver) return;
      // What was known stays, with what is wrong now.
      setAnswer((before) => ({ ...next, incidents: next.incidents ?? (next.isMissing ? null : before.incidents) }));
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [turn, path]);
  return { ...answer, reload: () => setTurn(turn + 1) };
}

async function askOnce(path: string): Promise<Answer> {
  try {
    const { incidents } = await api.get<IncidentList>(path);
    return { incidents, problem: null, isMissing: false };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return { incidents: null, problem: error.detail, isMissing: error.status === 404 };
  }
}
