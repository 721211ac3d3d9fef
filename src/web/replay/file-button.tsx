import { useRef } from 'preact/hooks';
import { openFile } from './open-anything.ts';

/** Chooses a recording of this machine, for who does not drop one. */
export function FileButton({ children }: { readonly children: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        accept=".ndjson,.jsonl,.json,.txt"
        hidden
        aria-label="Recording to replay"
        onChange={({ currentTarget: chosen }) => {
          const [file] = chosen.files ?? [];
          if (file !== undefined) void openFile(file);
          // The same file may be chosen again, after it was changed.
          chosen.value = '';
        }}
      />
    </>
  );
}
