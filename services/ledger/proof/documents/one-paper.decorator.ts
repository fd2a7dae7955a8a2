import { OneAtATime } from '#libs/http';

const COSTLY: readonly unknown[] = ['pdf', 'xlsx'];

/** Papers and workbooks take the processor: an instance makes one of either at a time, whatever it is of. */
export const OnePaperAtATime = OneAtATime(({ format }) => COSTLY.includes(format));
