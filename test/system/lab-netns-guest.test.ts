import { testInGuest } from '../support/uml-guest.ts';

testInGuest("a lab in namespaces is broken by the kernel's own netem", ['test/guest/lab-netns.test.ts'], {
  memoryMiB: 1024,
  clock: 'simulated',
});
