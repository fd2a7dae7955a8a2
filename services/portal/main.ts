import { runProgram } from '#libs/service';
import { createPortal } from './create-portal.ts';

await runProgram('portal', 3000, createPortal);
