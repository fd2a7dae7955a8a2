/** `node --conditions=source test/upgrade/copy.ts SERVER DIRECTORY`: the four databases of a Pasindo that is stopped, as fixture. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { databaseUrl } from '../../deploy/local/postgres.ts';
import { SERVICES } from '../../deploy/local/services.ts';
import { copyDatabase } from './copied-database.ts';

const [server = '', directory = ''] = process.argv.slice(2);
for (const service of SERVICES) {
  const copied = Buffer.from(await copyDatabase(databaseUrl(server, `pasindo_${service}`)));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: copied.length,
  };
  writeFileSync(join(directory, `${service}.copy.br`), brotliCompressSync(copied, { params }));
}
