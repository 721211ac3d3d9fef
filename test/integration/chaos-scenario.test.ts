import { createLabTarget } from '../../src/chaos/targets/lab.ts';
import { startLab } from '../support/running-lab.ts';
import { LAB_OF_STORIES, testScenarios } from '../support/scenario-tests.ts';

testScenarios('on a lab without privileges', async (context) => {
  const lab = await startLab(context, LAB_OF_STORIES);
  return { lab, target: createLabTarget({ labFile: await lab.file() }), flags: ['--seed', '7'] };
});
