import { field, oneOf, orNone, text, toggle, wholeNumber } from './fields.ts';
import { ports } from './id-lists.ts';
import { controlTokenFile } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

const TARGET_NAMES = ['lab', 'netns', 'docker', 'kubernetes'] as const;

export type TargetName = (typeof TARGET_NAMES)[number];

/** How chaos reaches servers. */
export interface ChaosTargetConfig {
  /** Null: whichever runs. */
  readonly target: TargetName | null;
  /** API of the datacenter that is told of it; null: the lab's own, or port 8080 of this machine. */
  readonly url: string | null;
  readonly controlTokenFile: string | null;
  readonly helperImage: string;
  readonly composeProject: string | null;
  readonly namespace: string;
  readonly selector: string;
  readonly kubeContext: string | null;
  readonly json: boolean;
}

export const seed = field(orNone(wholeNumber(0, 4_294_967_295)), {
  description: 'the same seed breaks the same packets',
  initial: null,
});

export const sparePort = field(orNone(ports), {
  description: 'leave packets from and to this port alone',
  initial: null,
});

/** Where it is done, the same for every chaos command. */
export const targetFields = {
  target: field(orNone(oneOf(TARGET_NAMES)), {
    description: 'what to break: the lab of npm start, its network namespaces, containers, or pods',
    initial: null,
    defaultText: 'whichever runs',
  }),
  url: field(orNone(text(/^https?:\/\/[^\s/]+/, 'an http or https URL')), {
    description: 'API of the datacenter controller; with several labs it says which',
    initial: null,
    defaultText: "the lab's own, or http://127.0.0.1:8080",
  }),
  controlTokenFile: {
    ...controlTokenFile,
    defaultText: "the lab's own, or that of the datacenter's container; in kubernetes it is not told",
  },
  helperImage: field(text(/^[\w.:/@-]{1,255}$/, 'the name of an image'), {
    description: 'image with tc that docker and kubernetes run beside a server',
    initial: 'netwatch-chaos',
  }),
  composeProject: field(orNone(text(/^[a-z0-9][a-z0-9_-]*$/, 'the name of a compose project')), {
    description: 'docker: only containers of this compose project',
    initial: null,
  }),
  namespace: field(text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'the name of a namespace'), {
    description: 'kubernetes: namespace of the pods',
    initial: 'netwatch',
  }),
  selector: field(text(/^[\w./=!,() -]{1,500}$/, 'a label selector, as app=server'), {
    description: 'kubernetes: which pods are servers; their label rack says the rack',
    initial: 'app=server',
  }),
  kubeContext: field(orNone(text(/^\S{1,253}$/, 'a context of the kubeconfig')), {
    description: 'kubernetes: context of the kubeconfig',
    initial: null,
    defaultText: 'the current one',
  }),
  json: field(toggle, { description: 'print the result as JSON', initial: false }),
};

/** What `netwatch chaos status` is told. */
export const chaosStatusSpec = defineSpec({
  role: 'chaos status',
  readsEnvironment: false,
  fields: targetFields,
  rules: [],
  resolve: (values): ChaosTargetConfig => values,
});
