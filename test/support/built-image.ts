import type { DockerEngine } from './docker-engine.ts';

/** What an image says of itself, as the engine's API has it. */
export interface ImageConfig {
  readonly User: string;
  readonly StopSignal: string;
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

/** In bytes, with everything it is built on. */
export async function sizeOfImage(engine: DockerEngine, image: string): Promise<number> {
  return Number(await engine.docker('image', 'inspect', '--format={{.Size}}', image));
}

export async function configOfImage(engine: DockerEngine, image: string): Promise<ImageConfig> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine's API
  return JSON.parse(await engine.docker('image', 'inspect', '--format={{json .Config}}', image)) as ImageConfig;
}
