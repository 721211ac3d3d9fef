import { MIN_RATIO } from './impairment-limits.ts';
import { parseCount, parsePercent, parseTime } from './quantity-text.ts';

type Text = string | number | undefined;

/** The options of an impairment as a user writes them, in flags or in YAML. What is undefined was not given. */
export interface ImpairmentTexts {
  /** `200ms`; a unit is asked for, except with 0, which is no delay. */
  readonly delay?: Text;
  readonly jitter?: Text;
  readonly distribution?: Text;
  /** Per cent, like every share here: `20`, `20%`, `0.5 %`. */
  readonly correlation?: Text;
  readonly loss?: Text;
  /** `gemodel:p,r,1-h,1-k`. */
  readonly lossModel?: Text;
  readonly corrupt?: Text;
  readonly duplicate?: Text;
  readonly reorder?: Text;
  readonly gap?: Text;
  /** `1mbit`; a unit is asked for. */
  readonly rate?: Text;
  readonly limit?: Text;
}

export interface ImpairmentProblem {
  readonly key: keyof ImpairmentTexts;
  /** As the user wrote it. */
  readonly given: string;
  /** Ends the sentence "allowed: …". */
  readonly allowed: string;
}

const MAX_GIVEN_LENGTH = 100;
const SHARE = 'per cent above 0 (at least 0.0000001) and at most 100, like 20, 20% or 0.5%';
const UNITLESS_TIME = 'a number alone is not, because tc takes it for microseconds';

/** Reads single options, and collects what is wrong with them. */
export class ImpairmentReader {
  readonly problems: ImpairmentProblem[] = [];
  readonly #texts: ImpairmentTexts;

  constructor(texts: ImpairmentTexts) {
    this.#texts = texts;
  }

  text(key: keyof ImpairmentTexts): Text {
    return this.#texts[key];
  }

  /** Adds a problem. What cannot be used is null. */
  refuse(key: keyof ImpairmentTexts, allowed: string): null {
    const given = String(this.#texts[key] ?? 'nothing').slice(0, MAX_GIVEN_LENGTH);
    this.problems.push({ key, given, allowed });
    return null;
  }

  isRefused(key: keyof ImpairmentTexts): boolean {
    return this.problems.some((problem) => problem.key === key);
  }

  /** Above 0, at most 1; null when it was not given or was refused. */
  share(key: keyof ImpairmentTexts): number | null {
    const text = this.text(key);
    if (text === undefined) return null;
    const ratio = parsePercent(text);
    return ratio !== null && ratio >= MIN_RATIO && ratio <= 1 ? ratio : this.refuse(key, SHARE);
  }

  /** From 1; null when it was not given or was refused. */
  whole(key: keyof ImpairmentTexts, max: number): number | null {
    const text = this.text(key);
    if (text === undefined) return null;
    const count = parseCount(text);
    return count !== null && count >= 1 && count <= max ? count : this.refuse(key, `a whole number from 1 to ${max}`);
  }

  /** In seconds; 0 when it was not given, null when it was refused. */
  time(key: 'delay' | 'jitter', maxSeconds: number): number | null {
    const text = this.text(key);
    const seconds = text === undefined ? 0 : parseTime(text);
    if (typeof seconds === 'number' && seconds <= maxSeconds) return seconds;
    const reason = seconds === 'unitless' ? `; ${UNITLESS_TIME}` : '';
    return this.refuse(key, `a time with its unit up to ${maxSeconds}s, like 200ms, 1.5s or 500us${reason}`);
  }
}
