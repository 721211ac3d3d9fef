import * as v from 'valibot';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { type ComposeConfig, composeSpec } from '../../scripts/compose/compose-config.ts';

const text = v.record(v.string(), v.union([v.string(), v.number()]));

const serviceSchema = v.looseObject({
  image: v.string(),
  build: v.optional(v.unknown()),
  pull_policy: v.optional(v.string()),
  restart: v.optional(v.string()),
  read_only: v.optional(v.boolean()),
  cap_drop: v.optional(v.array(v.string())),
  security_opt: v.optional(v.array(v.string())),
  networks: v.optional(v.array(v.string())),
  mem_limit: v.optional(v.string()),
  cpus: v.optional(v.number()),
  pids_limit: v.optional(v.number()),
  environment: v.optional(text, {}),
  labels: v.optional(text, {}),
  ports: v.optional(v.array(v.string()), []),
  volumes: v.optional(v.array(v.string()), []),
  secrets: v.optional(v.array(v.string()), []),
  healthcheck: v.optional(v.looseObject({ disable: v.optional(v.boolean()), test: v.optional(v.array(v.string())) })),
  depends_on: v.optional(v.record(v.string(), v.object({ condition: v.string() })), {}),
});

const fileSchema = v.looseObject({
  services: v.record(v.string(), serviceSchema),
  volumes: v.record(v.string(), v.unknown()),
  secrets: v.optional(v.record(v.string(), v.object({ file: v.string() })), {}),
});

export type ComposeService = v.InferOutput<typeof serviceSchema>;
export type ComposeFile = v.InferOutput<typeof fileSchema>;

/** A compose file as Compose reads it, anchors and merges resolved. @throws when it is not shaped like one */
export function parseCompose(source: string): ComposeFile {
  return v.parse(fileSchema, parse(source, { merge: true, version: '1.1', maxAliasCount: -1 }));
}

/** What `npm run compose:generate` makes of these flags, given without dashes. @throws ConfigError */
export function composeConfig(flags: Readonly<Record<string, unknown>> = {}): ComposeConfig {
  return loadConfig(composeSpec, { flags, env: {}, file: undefined });
}
