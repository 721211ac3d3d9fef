import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import { runScenario, type RunScenarioOptions } from '../../src/chaos/scenario/run-scenario.ts';
import type { ScenarioReport } from '../../src/chaos/scenario/scenario-report.ts';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import { LOSSY, treeOf } from './health-trees.ts';
import { StoryTarget } from './story-target.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A run on two racks of two servers, where who is broken is lossy at once, and well at once when it is over. */
export class StoryStage {
  readonly clock = new VirtualClock((seconds) => this.onTime(seconds));
  readonly target = new StoryTarget({ racks: 2, servers: 2, nowSeconds: () => this.clock.seconds });
  readonly lines: string[] = [];
  readonly announced: unknown[] = [];
  readonly user = new AbortController();
  onTime: (seconds: number) => void = () => undefined;
  untold: string | null = null;
  fetchTree: () => DatacenterHealth = () =>
    treeOf({
      racks: 2,
      servers: 2,
      change: (rack, server) => (this.target.broken.includes(`${rack}.${server}`) ? LOSSY : {}),
    });

  /** Runs these steps, each a flow mapping of YAML; `head` is what stands beside them. */
  async run(steps: readonly string[], options: Partial<RunScenarioOptions> = {}, head = ''): Promise<ScenarioReport> {
    const text = `name: a story\n${head}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
    return runScenario({
      scenario: parseScenario(text, 'story.yaml'),
      target: this.target,
      apiUrl: 'http://127.0.0.1:1',
      announcer: {
        begin: async (notice) => {
          this.announced.push(notice);
          return this.untold;
        },
        end: async (end) => {
          this.announced.push(end);
          return this.untold;
        },
      },
      version: '1.2.3',
      signal: this.user.signal,
      onProgress: (line) => this.lines.push(line),
      clock: this.clock,
      fetchTree: async () => this.fetchTree(),
      ...options,
    });
  }

  /** Ctrl-C at this second. */
  interruptAt(seconds: number): void {
    this.onTime = (now) => now >= seconds && this.user.abort(new Error('interrupted'));
  }
}
