import { startNetnsLab } from '../support/netns-lab.ts';
import { LAB_OF_STORIES, testScenarios } from '../support/scenario-tests.ts';

testScenarios("in namespaces, by the kernel's own netem", async (context) => startNetnsLab(context, LAB_OF_STORIES));
