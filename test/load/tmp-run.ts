import { measurePosting } from './posting.bench.ts';
const r = await measurePosting(() => {}); console.log(JSON.stringify(r)); process.exit(0);
