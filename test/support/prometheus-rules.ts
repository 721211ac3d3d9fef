import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const FOLDER = new URL('../../prometheus/', import.meta.url);

/** An alerting rule as it is written. Several rules may have one name, and then other labels. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** What a test of promtool says of an alert at one time. */
export interface AlertTest {
  readonly alertname: string;
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (AlertRule | RecordingRule)[] }[];
}

interface TestFile {
  readonly group_eval_order: readonly string[];
  readonly tests: readonly {
    readonly alert_rule_test?: readonly AlertTest[];
    readonly promql_expr_test?: readonly { readonly expr: string }[];
  }[];
}

export function alertRules(): readonly AlertRule[] {
  return allRules().filter((rule) => 'alert' in rule);
}

export function recordingRules(): readonly RecordingRule[] {
  return allRules().filter((rule) => 'record' in rule);
}

/** The names of all groups of rules. */
export function ruleGroups(): readonly string[] {
  return ruleFiles().flatMap(({ groups }) => groups.map(({ name }) => name));
}

/** Each file of tests for promtool, by name. */
export function ruleTests(): ReadonlyMap<string, TestFile> {
  return new Map(yamlFiles('tests/').map((name) => [name, readYaml(`tests/${name}`) as TestFile]));
}

function allRules(): readonly (AlertRule | RecordingRule)[] {
  return ruleFiles().flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
}

function ruleFiles(): readonly RuleFile[] {
  return yamlFiles('rules/').map((name) => readYaml(`rules/${name}`) as RuleFile);
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(new URL(folder, FOLDER)).filter((name) => name.endsWith('.yml'));
}

function readYaml(path: string): unknown {
  return parse(readFileSync(new URL(path, FOLDER), 'utf8'));
}
