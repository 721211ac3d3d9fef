import './drop-target.css';
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../store/use-store.ts';
import { loadReplayAhead, openFile } from './open-anything.ts';
import { openingProblemStore, openingStore } from './replay-store.ts';

/** Takes files that are dropped anywhere on the page, and says how what is opened gets on. */
export function DropTarget() {
  const isOver = useFileDrop();
  useEffect(loadReplayAhead, []);
  return (
    <>
      {isOver && (
        <div class="drop-veil" aria-hidden="true">
          <p>
            <strong>Drop to replay</strong>
            The file is read in this browser and sent nowhere.
          </p>
        </div>
      )}
      <OpeningBar />
    </>
  );
}

function OpeningBar() {
  const opening = useStore(openingStore);
  const problem = useStore(openingProblemStore);
  if (opening !== null) {
    const { name, doing, share } = opening;
    return (
      <aside class="opening" aria-label="Recording">
        <span role="status">
          {doing} {name} …
        </span>
        <progress aria-label={`${doing} ${name}`} {...(share === null ? {} : { value: share })} />
        <button type="button" onClick={opening.cancel}>
          Cancel
        </button>
      </aside>
    );
  }
  if (problem === null) return null;
  return (
    <aside class="opening" aria-label="Recording">
      <span role="alert">{problem}</span>
      <button type="button" onClick={() => openingProblemStore.set(null)}>
        Dismiss
      </button>
    </aside>
  );
}

/** Whether a file is held over the page now. */
function useFileDrop(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      // From one element of the page to the next is not away from it.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // A browser would show the file in place of the page.
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) void openFile(file);
    };
    const listeners = [
      ['dragenter', onOver],
      ['dragover', onOver],
      ['dragleave', onLeave],
      ['drop', onDrop],
    ] as const;
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    };
  }, []);
  return isOver;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
