import { useEffect, useState } from 'preact/hooks';
import { Link } from '../store/link.tsx';
import { useQueryParameter } from '../store/navigation.ts';
import { useStore } from '../store/use-store.ts';
import { FileButton } from './file-button.tsx';
import { errorWords, loadReplayView, openCapsule } from './open-anything.ts';
import type { ReplayView } from './replay-view.tsx';
import {
  openedStore,
  openingProblemStore,
  openingStore,
  type CapsuleName,
  type OpenedRecording,
} from './replay-store.ts';

/** The replay of what was opened; of the capsule that the address names; or how to get one. */
export function ReplayPage() {
  const opened = useStore(openedStore);
  const wanted = useWantedCapsule();
  const View = useReplayView(opened !== null);
  const isWanted = opened !== null && (wanted === null || isSame(wanted, opened.capsule));
  if (isWanted && View !== null) return <View key={keyOf(opened)} opened={opened} />;
  return <NothingToReplay isWanted={wanted !== null} />;
}

function NothingToReplay({ isWanted }: { readonly isWanted: boolean }) {
  const isOpening = useStore(openingStore) !== null;
  const hasProblem = useStore(openingProblemStore) !== null;
  const title = isOpening
    ? 'Opening a recording …'
    : isWanted && hasProblem
      ? 'This recording cannot be shown.'
      : 'Replay a recording';
  return (
    <section class="nothing">
      <h1>{title}</h1>
      <p>
        Drop a file anywhere on this page, or choose one: an incident capsule, or received samples as NDJSON. It is read
        in this browser and sent nowhere, also without a controller.
      </p>
      <p>
        <FileButton>Choose a file …</FileButton>{' '}
        <Link to={{ kind: 'incidents' }}>Incidents that the racks recorded</Link>
      </p>
    </section>
  );
}

/** The capsule that the address names, which is opened; null when it names none. */
function useWantedCapsule(): CapsuleName | null {
  const [rack] = useQueryParameter('rack');
  const [incidentId] = useQueryParameter('incident');
  const rackId = Number(rack ?? Number.NaN);
  const isNamed = Number.isInteger(rackId) && incidentId !== null;
  useEffect(() => {
    if (!isNamed) return;
    const known = openedStore.value;
    const isKnown = known?.isPartial === false && isSame({ rackId, incidentId }, known.capsule);
    if (isKnown) return;
    void openCapsule({ rackId, incidentId });
  }, [isNamed, rackId, incidentId]);
  return isNamed ? { rackId, incidentId } : null;
}

/** What shows a replay, once it is loaded. */
function useReplayView(isNeeded: boolean): typeof ReplayView | null {
  const [view, setView] = useState<{ readonly View: typeof ReplayView } | null>(null);
  useEffect(() => {
    if (!isNeeded || view !== null) return;
    loadReplayView().then(
      ({ ReplayView: View }) => setView({ View }),
      (error: unknown) => openingProblemStore.set(`Nothing can be replayed: ${errorWords(error)}`),
    );
  }, [isNeeded]);
  return view?.View ?? null;
}

function isSame(a: CapsuleName, b: CapsuleName | null): boolean {
  return a.rackId === b?.rackId && a.incidentId === b.incidentId;
}

/** Another one whenever what is replayed is another. */
let lastKey = 0;
const keys = new WeakMap<OpenedRecording, number>();

function keyOf(opened: OpenedRecording): number {
  const key = keys.get(opened) ?? ++lastKey;
  keys.set(opened, key);
  return key;
}
