import { startNetnsLab } from '../support/netns-lab.ts';
import { LAB_OF_STORIES, testScenarios } from '../support/scenario-tests.ts';

testScenarios("in namespaces, by the kernel's own netem", async (context) => {
  // Unseeded: a tc before 6.6 cannot seed netem.
  const { lab, target } = await startNetnsLab(context, LAB_OF_STORIES);
  return { lab, target, flags: [] };
});
