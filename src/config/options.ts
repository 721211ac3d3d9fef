import { environmentName, flagName } from './names.ts';
import type { SpecKeys } from './spec.ts';

/** One flag, ready to be given to a command line parser as text: conversion belongs to loadConfig. */
export interface ConfigOption {
  readonly key: string;
  /** Without dashes. */
  readonly flag: string;
  /** More flag names, without dashes. */
  readonly aliases: readonly string[];
  /** The environment name; null for a role that reads none. */
  readonly env: string | null;
  readonly type: 'string' | 'boolean';
  readonly repeatable: boolean;
  readonly description: string;
  readonly allowed: string;
  readonly defaultText: string;
}

/** Every flag of a role, in the order of its spec. */
export function optionsOf(spec: SpecKeys): readonly ConfigOption[] {
  return Object.entries(spec.fields).map(([key, field]) => ({
    key,
    flag: flagName(key),
    aliases: field.aliases ?? [],
    env: spec.readsEnvironment ? (field.environmentName ?? environmentName(key)) : null,
    type: field.type,
    repeatable: field.repeatable,
    description: field.description,
    allowed: field.allowed,
    defaultText: field.defaultText ?? (field.initial === null ? 'none' : String(field.initial)),
  }));
}

/** The role's own flags out of what a command line parser gave, which also holds aliases and other spellings. */
export function pickFlags(spec: SpecKeys, parsed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const flags = Object.keys(spec.fields).map(flagName);
  return Object.fromEntries(flags.filter((flag) => parsed[flag] !== undefined).map((flag) => [flag, parsed[flag]]));
}
