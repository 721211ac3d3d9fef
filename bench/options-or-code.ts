/**
 * The options of a bench from its command line, or the exit code with which it ends instead: 0 when it was asked for help,
 * 2 when the command line is wrong. What is to be said then is said.
 */
export function optionsOrCode<T extends object>(read: () => T | 'help', usage: string): T | 0 | 2 {
  try {
    const options = read();
    if (options !== 'help') return options;
    process.stdout.write(usage);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
}
