import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';

/** A problem at a place in a text, without the place's file. */
export interface TextProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type TextPath = readonly (string | number)[];

/** What a YAML text says, and where it says it. */
export interface YamlText {
  readonly value: unknown;
  /** Where the value at a path stands, or its key; the nearest thing around it when it is not there. */
  locate(path: TextPath, part: 'key' | 'value'): { readonly line: number; readonly column: number };
}

/** Of a text that is read. */
export const MAX_YAML_BYTES = 64 * 1024;
const MAX_DEPTH = 24;
const MAX_PROBLEMS = 20;

const TOO_DEEP = `nested too deeply, allowed: ${MAX_DEPTH} levels`;

/**
 * Reads YAML 1.2, strictly: no duplicate keys, no anchors, aliases and tags, no second document, at most 64 KiB and 24
 * levels.
 */
export function readYaml(
  text: string,
): { kind: 'yaml'; yaml: YamlText } | { kind: 'problems'; problems: TextProblem[] } {
  if (Buffer.byteLength(text) > MAX_YAML_BYTES) {
    const message = `got ${Buffer.byteLength(text)} bytes, allowed: at most ${MAX_YAML_BYTES}`;
    return { kind: 'problems', problems: [{ line: 1, column: 1, message }] };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const found = [...syntaxProblems(document), ...(document.errors.length > 0 ? [] : refusals(document))];
  if (found.length > 0) {
    const problems = found.slice(0, MAX_PROBLEMS).map(({ offset, message }) => ({ ...place(offset), message }));
    return { kind: 'problems', problems };
  }
  return {
    kind: 'yaml',
    yaml: {
      value: document.toJS({ maxAliasCount: 0 }),
      locate: (path, part) => place(offsetOf(document.contents, path, part)),
    },
  };
}

interface Found {
  readonly offset: number;
  readonly message: string;
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice, allowed: once',
  MULTIPLE_DOCS: 'a second document begins here, allowed: one',
};

function syntaxProblems({ errors, warnings }: Document): Found[] {
  // How deep the parser came is a matter of its stack.
  if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return [{ offset: 0, message: TOO_DEEP }];
  return [...errors, ...warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: SYNTAX_MESSAGES[code] ?? `not YAML: ${message}`,
  }));
}

/** What YAML can say and a scenario may not: it reads from top to bottom, and each thing stands where it is meant. */
function refusals(document: Document): Found[] {
  const found: Found[] = [];
  visit(document, {
    Node: (_key, node, ancestors) => {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node) || node.anchor !== undefined) {
        found.push({ offset, message: 'anchors and aliases are not allowed: write it out' });
        return undefined;
      }
      const depth = ancestors.filter((ancestor) => isMap(ancestor) || isSeq(ancestor)).length;
      if (depth <= MAX_DEPTH) return undefined;
      found.push({ offset, message: TOO_DEEP });
      return visit.BREAK;
    },
    Pair: (_key, { key }) => {
      if (isScalar(key) && typeof key.value === 'string') return undefined;
      const offset = isScalar(key) || isMap(key) || isSeq(key) ? (key.range?.[0] ?? 0) : 0;
      found.push({ offset, message: 'this is no key, allowed: text' });
      return visit.SKIP;
    },
  });
  return found;
}

function offsetOf(contents: Node | null, path: TextPath, part: 'key' | 'value'): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const [n, step] of path.entries()) {
    const isLast = n === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!isPair(pair)) return offset;
      const place = isLast && part === 'key' ? pair.key : pair.value;
      offset = rangeStart(place) ?? rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = rangeStart(node) ?? offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | null {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? null) : null;
}
