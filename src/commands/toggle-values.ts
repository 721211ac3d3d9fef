/**
 * What is wrong with flags that are on or off and were given something else, as `--open=maybe`, a line each; null when
 * nothing is. The parser takes whatever is given to them for false.
 * @param parsed what the parser made of the command line: a boolean of each such flag
 * @param args the command line
 */
export function badTogglesText(parsed: Readonly<Record<string, unknown>>, args: readonly string[]): string | null {
  const problems = args.flatMap((arg) => {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (typeof parsed[name] !== 'boolean' || value === 'true' || value === 'false') return [];
    return [`--${name}: got ${JSON.stringify(value)}, allowed: true or false`];
  });
  return problems.length === 0 ? null : problems.join('\n');
}
