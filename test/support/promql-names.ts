/** Words that take a list of labels behind them. */
const LABEL_LISTS = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan']);

/**
 * The names of the metrics that a PromQL expression asks for, each once. Reads what is written in this project: a metric
 * that is only said by `{__name__=…}` is not found.
 */
export function metricNamesIn(expression: string): readonly string[] {
  const bare = expression
    // What may hold words that are no names: texts, comments, selectors, ranges, lists of labels.
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replaceAll(/#.*$/gm, '')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(LABEL_LISTS, ' ')
    .replaceAll(/\b(?:by|without|group_left|group_right)\b/g, ' ');
  const words = Array.from(bare.matchAll(/(?<![\w:.])([a-zA-Z_:][\w:]*)(\s*\()?/g), ([, word = '', call]) => ({
    word,
    isFunction: call !== undefined,
  }));
  const names = words.filter(({ word, isFunction }) => !isFunction && !KEYWORDS.has(word.toLowerCase()));
  return [...new Set(names.map(({ word }) => word))];
}
