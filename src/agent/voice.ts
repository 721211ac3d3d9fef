import type { AgentConfig } from '../config/agent.ts';
import { renderName } from '../config/name-template.ts';
import { toneHz } from '../core/frequency-plan.ts';
import { encodeAnnouncement } from '../wire/announcement.ts';
import { encodeJsonSample } from '../wire/json-datagram.ts';
import { encodeSample } from '../wire/sample-datagram.ts';
import { createTone } from '../core/tone.ts';

/** One server, as the agent sings for it. */
export interface Voice {
  /** The datagram of the tone at a time; `sequence` unsigned 32 bit. */
  sample(bootId: number, sequence: number, sentSeconds: number): Buffer;
  /**
   * The datagram that announces the server, or null in the JSON form, which has none.
   * @throws RangeError that names what is too long for an announcement.
   */
  announcement(bootId: number): Buffer | null;
}

export interface VoiceOptions {
  readonly config: AgentConfig;
  /** Version of this software. */
  readonly version: string;
  readonly key: Buffer | null;
}

/** The voices of all servers of an agent, in the order of its configuration. */
export function createVoices(options: VoiceOptions): readonly Voice[] {
  const create = options.config.wire === 'json' ? jsonVoice : binaryVoice;
  return options.config.serverIds.map((serverId) => create(serverId, options));
}

function binaryVoice(serverId: number, { config, version, key }: VoiceOptions): Voice {
  const { rackId, sampleRateHz, labels } = config;
  const tone = createTone(toneHz(config.frequencyPlan, rackId, serverId));
  const name = renderName(config.nameTemplate, { rackId, serverId });
  return {
    sample(bootId, sequence, seconds) {
      const sentSeconds = carriedSeconds(seconds);
      const [re, im] = [tone.quadrature(sentSeconds), tone.inPhase(sentSeconds)];
      return encodeSample({ rackId, serverId, bootId, sequence, sentSeconds, re, im }, key);
    },
    announcement(bootId) {
      const { frequencyHz } = tone;
      return encodeAnnouncement({ rackId, serverId, bootId, name, version, sampleRateHz, frequencyHz, labels }, key);
    },
  };
}

function jsonVoice(serverId: number, { config }: VoiceOptions): Voice {
  const { rackId } = config;
  const tone = createTone(toneHz(config.frequencyPlan, rackId, serverId));
  return {
    sample(_bootId, sequence, sentSeconds) {
      const im = tone.inPhase(sentSeconds);
      return encodeJsonSample({ rackId, serverId, bootId: null, sequence, sentSeconds, re: null, im });
    },
    announcement: () => null,
  };
}

/**
 * The time as a rack will read it from a binary datagram: seconds become nanoseconds and seconds again, which as doubles
 * may move them by 0.24 µs. The tone must be that of the time the rack reads.
 */
function carriedSeconds(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}
