import { testInGuest } from '../support/uml-guest.ts';

testInGuest("the scenario of the lab passes with the kernel's own netem", ['test/guest/chaos-scenario.test.ts'], {
  memoryMiB: 1024,
  clock: 'simulated',
});
