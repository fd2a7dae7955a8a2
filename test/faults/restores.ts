/** A server is lost with its disk, and comes back from what Barman has of it. */
import { rm } from 'node:fs/promises';
import type { Backups } from '../../deploy/ha/backups.ts';
import type { Fault, Scene } from './faults.ts';
import { rowsOf } from './system.ts';
import { unsoundnessOf } from './verification.ts';

const backupsOf = ({ system }: Scene): Backups => {
  if (!system.backups) throw new Error('there are no backups');
  return system.backups;
};

const diskLost: Fault = {
  name: 'PostgreSQL lost with its disk, restored by Barman to the end of what it received',
  lastsMs: [0, 0],
  prepare: (scene) => backupsOf(scene).backUp(),
  inject: async (scene) => {
    const { postgres } = scene.system;
    const [row] = await rowsOf<{ data: string }>(postgres.url, `SELECT current_setting('data_directory') AS data`);
    const data = row?.data as string;
    await postgres.kill();
    await rm(data, { recursive: true });
    return async () => {
      await backupsOf(scene).restore(data);
      await postgres.start();
    };
  },
  judge: ({ system }) => unsoundnessOf(system),
};

export const RESTORES: readonly Fault[] = [diskLost];
