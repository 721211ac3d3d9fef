import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../store/api.ts';
import { isPlainClick } from '../store/link.tsx';
import { token } from '../store/token.ts';

/** A browser begins to save some time after it was told to. */
const SAVED_MS = 10_000;

/** Saves what is at a path of the API. A browser's own download sends no token: where one is needed, the page fetches it. */
export function DownloadLink({
  path,
  name,
  label,
}: {
  readonly path: string;
  readonly name: string;
  readonly label: string;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    setProblem(null);
    try {
      const address = URL.createObjectURL(await api.blob(path, new AbortController().signal));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), SAVED_MS);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error.detail);
    }
  };
  return (
    <>
      <a
        href={path}
        download={name}
        aria-label={label}
        onClick={(event) => {
          if (token('api') === null || !isPlainClick(event)) return;
          event.preventDefault();
          void save();
        }}
      >
        Download
      </a>
      {problem !== null && <span role="alert">{problem}</span>}
    </>
  );
}
