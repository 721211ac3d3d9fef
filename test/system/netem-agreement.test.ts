import { testInGuest } from '../support/uml-guest.ts';

testInGuest(
  "the lab's emulation does to packets what the kernel's netem does",
  ['test/guest/netem-agreement.test.ts'],
  {
    timeoutSeconds: 1800,
  },
);
