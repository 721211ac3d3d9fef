import { messageOf } from '../io/error-text.ts';

/**
 * Opens a file as its user would by double-clicking it.
 * @param onFailure told, also later, when whatever was to open it ends badly
 * @throws Error when there is nothing to open it with
 */
export type PageOpener = (path: string, onFailure: (why: string) => void) => Promise<void>;

/** With the browser that is set up for pages. */
export const openInBrowser: PageOpener = async (path, onFailure) => {
  const { default: open } = await import('open');
  const program = await open(path);
  program.on('error', (error) => onFailure(error.message));
  program.on('exit', (code) => {
    if (code !== null && code !== 0) onFailure(`the program that opens pages ended with exit code ${code}`);
  });
};

/**
 * Opens the dashboard of a lab that runs. Never throws: a lab goes on without it, and a line says where it is.
 * @param parts.writePage writes what leads a browser there, and gives its path
 */
export async function openDashboard(parts: {
  readonly writePage: () => Promise<string>;
  readonly dashboardUrl: string;
  /** Has the token that the page would have been handed. */
  readonly tokenFile: string;
  readonly opener: PageOpener;
  readonly writeLine: (line: string) => void;
}): Promise<void> {
  const { writePage, dashboardUrl, tokenFile, opener, writeLine } = parts;
  const tell = (why: string): void =>
    writeLine(
      `the dashboard could not be opened (${why}): open ${dashboardUrl} in a browser; ` +
        `its chaos panel asks for the token in ${tokenFile}`,
    );
  try {
    await opener(await writePage(), tell);
  } catch (error) {
    tell(messageOf(error).split('\n', 1)[0] ?? '');
  }
}
