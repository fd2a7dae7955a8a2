/** The portal over one running system, in one browser. What changes the books comes after what reads them as the demo made them. */
import { describe } from '@jest/globals';
import { agreeing } from './agreeing.ts';
import { inBrowser } from './browser.ts';
import { deciding } from './deciding.ts';
import { keeping } from './keeping.ts';
import { operating } from './operating.ts';
import { paying } from './paying.ts';
import { live, reading } from './reading.ts';
import { screensAre } from './screens.ts';
import { tasks } from './tasks.ts';

inBrowser('the portal', () => {
  describe('reading', reading);
  describe('agreeing', agreeing);
  describe('deciding', deciding);
  describe('screens', screensAre);
  describe('live', live);
  describe('paying', paying);
  describe('keeping', keeping);
  describe('operating', operating);
  describe('tasks', tasks);
});
