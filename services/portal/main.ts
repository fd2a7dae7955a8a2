import { openConfigured } from '#libs/database';
import { runProgram } from '#libs/service';
import { createPortal } from './create-portal.ts';
import { portalMigrations } from './migrations/index.ts';

await runProgram('portal', 3000, createPortal, [() => openConfigured(portalMigrations)]);
