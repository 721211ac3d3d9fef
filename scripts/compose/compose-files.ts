import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { ComposeConfig } from './compose-config.ts';
import { composeText } from './compose-file.ts';
import { prometheusTargets, targetsText } from './prometheus-targets.ts';

/** Everything that is generated, by its path in the project, formatted as this project formats its files. */
export async function composeFiles(config: ComposeConfig): Promise<ReadonlyMap<string, string>> {
  const targets = Object.entries(prometheusTargets(config));
  const formatted = await Promise.all([
    pretty('docker-compose.yml', composeText(config)),
    ...targets.map(([name, groups]) => pretty(`prometheus/targets/${name}`, targetsText(groups))),
  ]);
  return new Map(formatted);
}

async function pretty(path: string, text: string): Promise<readonly [string, string]> {
  const filepath = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })];
}
