import { createSocket } from 'node:dgram';
import { createTone } from '../../src/core/tone.ts';
import { toneHz } from '../../src/core/frequency-plan.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import type { Ending, RunningLab } from './running-lab.ts';

const INTERVAL_MS = 50;
const BOOT_ID = 4711;
const FIRST_RACK_PORT = 100;

/** Which server it sings for. */
export interface Part {
  readonly rackId: number;
  readonly serverId: number;
}

/**
 * Sings the tone of a server of a lab, as its agent would, until the test ends, and goes wrong as told in ways that no
 * injector has: with another clock, or with wrong samples.
 */
export class Singer {
  /** Share of samples that are the opposite of what they ought to be, 0 to 1. */
  corruptRatio = 0;
  #rateOffset = 0;
  #anchorMs = performance.now();
  #anchorSeconds = Date.now() / 1000;
  #sequence = 0;

  constructor(context: Ending, lab: RunningLab, part: Part) {
    const tone = createTone(toneHz({ kind: 'default' }, part.rackId, part.serverId));
    const socket = createSocket('udp4');
    const port = lab.basePort + FIRST_RACK_PORT + part.rackId;
    const sing = (): void => {
      const sentSeconds = this.#nowSeconds();
      const sign = Math.random() < this.corruptRatio ? -1 : 1;
      const [re, im] = [sign * tone.quadrature(sentSeconds), sign * tone.inPhase(sentSeconds)];
      const sample = { ...part, bootId: BOOT_ID, sequence: this.#sequence++, sentSeconds, re, im };
      socket.send(encodeSample(sample, null), port, '127.0.0.1');
    };
    const timer = setInterval(sing, INTERVAL_MS);
    context.after(async () => {
      clearInterval(timer);
      await new Promise<void>((resolve) => void socket.close(resolve));
    });
  }

  /** From now on its clock gains so much on the true one; what it has gained stays. */
  skewBy(ppm: number): void {
    this.#anchorSeconds = this.#nowSeconds();
    this.#anchorMs = performance.now();
    this.#rateOffset = ppm / 1e6;
  }

  #nowSeconds(): number {
    return this.#anchorSeconds + ((performance.now() - this.#anchorMs) / 1000) * (1 + this.#rateOffset);
  }
}
