import { readFileSync } from 'node:fs';

/** How a container of an image starts when nothing else is said. */
export interface ImageFacts {
  /** `['node', '/app/dist/cli.js', 'rack']` */
  readonly entrypoint: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const DOCKERFILE = new URL('../../containers/Dockerfile', import.meta.url);

/** What the Dockerfile says of a target, with what it has from the stages it is made from. */
export function imageFacts(target: string): ImageFacts {
  const text = readFileSync(DOCKERFILE, 'utf8').replaceAll(/\s*\\\n\s*/g, ' ');
  const stages = text.split(/^(?=FROM )/m).filter((stage) => stage.startsWith('FROM '));
  const find = (name: string): ImageFacts => {
    const stage = stages.find((one) => one.startsWith('FROM ') && new RegExp(`^FROM \\S+ AS ${name}$`, 'm').test(one));
    if (stage === undefined) return { entrypoint: [], environment: {} };
    const [, from = ''] = /^FROM (\S+)/.exec(stage) ?? [];
    const base = find(from);
    const own = [...stage.matchAll(/^ENV (.+)$/gm)].flatMap(([, pairs = '']) =>
      pairs.split(/\s+/).map((pair) => pair.split('=')),
    );
    const entrypoint = /^ENTRYPOINT (\[.+\])$/m.exec(stage)?.[1];
    return {
      entrypoint: entrypoint === undefined ? base.entrypoint : (JSON.parse(entrypoint) as string[]),
      environment: { ...base.environment, ...(Object.fromEntries(own) as Record<string, string>) },
    };
  };
  return find(target);
}
