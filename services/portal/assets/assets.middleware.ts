import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import { NOT_BUILT, policyFor, withNonce } from './page.ts';

const NONCE_BYTES = 16;
/** What is not a page: it is answered by a controller, or not there. */
const ROUTES = /^\/(?:api|auth|health)(?:\/|$)/i;

/** Where the pages are, once they are built: in the sources' folder, also for what runs from dist/. */
export const PAGES = join(dirname(findPackageJSON(import.meta.url) ?? '.'), 'services', 'portal', 'web', 'dist');

/**
 * The pages, which everybody may have: they hold nothing of anybody. Files named after what is in them are kept by
 * browsers for ever; the page that names them never, so that the next one is found.
 */
export function assets(directory: string = PAGES): RequestHandler {
  const files = express.static(directory, {
    index: false,
    fallthrough: true,
    setHeaders: (response, path) => {
      const isHashed = path.startsWith(join(directory, 'assets'));
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const router = Router();
  router.use((request: Request, response: Response, next: NextFunction) => {
    if (ROUTES.test(request.path) || !['GET', 'HEAD'].includes(request.method)) return next('router');
    if (request.path === '/index.html') return page(response);
    next();
  });
  router.use(files);
  router.use((request, response) => {
    if (request.path.startsWith('/assets/')) response.status(404).type('text/plain').send('Not found');
    else return page(response);
  });

  /** For each reader another nonce: what somebody smuggles into the page does not know it. */
  async function page(response: Response): Promise<void> {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const file = join(directory, 'index.html');
    const html = existsSync(file) ? await readFile(file, 'utf8') : NOT_BUILT;
    response
      .set('cache-control', 'no-store')
      .set('content-security-policy', policyFor(nonce))
      .type('html')
      .send(withNonce(html, nonce));
  }
  return router;
}
