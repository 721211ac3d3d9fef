import { randomBytes } from 'node:crypto';
import { labFilePath, labIncidents, writeLabFile, writeLabPage, writeLabToken } from '../io/lab-files.ts';
import type { Lifecycle } from '../io/lifecycle.ts';
import type { LabFile } from '../wire/lab-file.ts';
import { dashboardPage } from './dashboard-page.ts';
import type { LabNetwork } from './lab-network.ts';
import type { ControlFiles, LabPlan } from './lab-plan.ts';

/** How a lab is told to break its own network, by those that can read what only its user can. */
export interface LabControl {
  /** To be named to the roles. */
  readonly files: ControlFiles;
  /** Says where a running lab is controlled. @throws Error when that cannot be written */
  publish(plan: LabPlan, network: LabNetwork['description']): Promise<void>;
  /**
   * Writes a page that leads a browser to the dashboard and hands it the token.
   * @returns its path
   * @throws Error when it cannot be written
   */
  writePage(plan: LabPlan): Promise<string>;
}

/**
 * Draws the token of a lab and writes it down. What is written goes when the lifecycle is closed.
 * @param options.directory as `labDirectory` gives it
 * @throws Error when it cannot be written, or others could read it there
 */
export async function openLabControl(options: { directory: string; lifecycle: Lifecycle }): Promise<LabControl> {
  const { directory, lifecycle } = options;
  const { pid } = process;
  const token = randomBytes(32).toString('hex');
  const tokenFile = await writeLabToken({ directory, pid, token });
  lifecycle.defer('the token file of the lab', () => tokenFile.remove());
  const incidents = labIncidents({ directory, pid });
  lifecycle.defer('the capsules of the lab', () => incidents.remove());
  return {
    files: { tokenFile: tokenFile.path, labFile: labFilePath(directory, pid), incidentDirectory: incidents.path },
    async publish(plan, network) {
      const file: LabFile = {
        version: 1,
        pid,
        api_url: plan.apiUrl,
        token,
        agents: controlledAgents(plan),
        ...network,
      };
      const labFile = await writeLabFile({ directory, file });
      lifecycle.defer('the file of the lab', () => labFile.remove());
    },
    async writePage({ dashboardUrl }) {
      const page = await writeLabPage({ directory, pid, html: dashboardPage(dashboardUrl, token) });
      lifecycle.defer('the page of the lab', () => page.remove());
      return page.path;
    },
  };
}

function controlledAgents({ agents }: LabPlan): LabFile['agents'] {
  return agents.flatMap(({ name, rackId, serverIds, controlUrl }) =>
    controlUrl === null ? [] : [{ rack_id: rackId, server_ids: serverIds, control_url: controlUrl, name }],
  );
}
