import { testInGuest } from '../support/uml-guest.ts';

testInGuest(
  "faults that the kernel's own netem makes are told by their names",
  ['test/guest/detection-netem.test.ts'],
  { memoryMiB: 2048, clock: 'simulated' },
);
