import { Alias, Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** Part of a YAML document. `undefined` in a map stands for a key that is left out. */
export type Part = string | number | boolean | YAMLMap | YAMLSeq | undefined;

export interface MapStyle {
  /** Name under which others merge it. */
  readonly anchor?: string;
  /** Anchor of a map whose keys this one takes over, where it does not have them itself. */
  readonly merge?: string;
}

/** A map over several lines. */
export function block(parts: Readonly<Record<string, Part>>, style: MapStyle = {}): YAMLMap {
  const map = new YAMLMap();
  if (style.anchor !== undefined) map.anchor = style.anchor;
  if (style.merge !== undefined) map.items.push(new Pair(new Scalar('<<'), new Alias(style.merge)));
  for (const [key, part] of Object.entries(parts)) {
    if (part !== undefined) map.items.push(new Pair(new Scalar(key), asNode(part)));
  }
  return map;
}

/** A map on one line. */
export function inline(parts: Readonly<Record<string, Part>>, style: MapStyle = {}): YAMLMap {
  const map = block(parts, style);
  map.flow = true;
  return map;
}

/** A list on one line. */
export function list(...items: readonly (string | YAMLMap)[]): YAMLSeq {
  const sequence = rows(...items);
  sequence.flow = true;
  return sequence;
}

/** A list with a line for each. */
export function rows(...items: readonly (string | YAMLMap)[]): YAMLSeq {
  const sequence = new YAMLSeq();
  sequence.items.push(...items.map(asNode));
  return sequence;
}

/** A key of a map with what is written above it, each line after a `# `. */
export interface Section {
  readonly key: string;
  readonly comment?: string;
  readonly part: Part;
  /** With an empty line above it, also where it has no comment. */
  readonly apart?: boolean;
}

/** A map whose keys have comments. */
export function sections(...parts: readonly Section[]): YAMLMap {
  const map = new YAMLMap();
  for (const { key, comment, part, apart = comment !== undefined } of parts) {
    if (part === undefined) continue;
    const name = new Scalar(key);
    if (comment !== undefined) name.commentBefore = commentText(comment);
    name.spaceBefore = apart && map.items.length > 0;
    map.items.push(new Pair(name, asNode(part)));
  }
  return map;
}

/** The text of a document. What YAML 1.1 would read as something else than text, as `no`, is quoted: Compose v1 reads 1.1. */
export function documentText(root: YAMLMap, comment: string): string {
  const document = new Document(root, { version: '1.1' });
  document.commentBefore = commentText(comment);
  return document.toString({ lineWidth: 0, singleQuote: true });
}

function commentText(comment: string): string {
  return comment
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
}

function asNode(part: Part): Scalar | YAMLMap | YAMLSeq {
  if (part instanceof YAMLMap || part instanceof YAMLSeq) return part;
  const scalar = new Scalar(part);
  if (typeof part === 'string' && part.includes('\n')) scalar.type = 'BLOCK_LITERAL';
  return scalar;
}
