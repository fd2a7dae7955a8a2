/** What a page of ours may do: run and show what comes from here, and nothing else. Styles that are written as it runs bear the nonce. */
export function policyFor(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Where the page says `__NONCE__`. */
export function withNonce(html: string, nonce: string): string {
  return html.replaceAll('__NONCE__', nonce);
}

/** Instead of pages that nobody has built. */
export const NOT_BUILT = `<!doctype html><html lang="id"><meta charset="utf-8"><title>Pasindo</title>
<h1>Halaman belum dibangun</h1><p lang="en">The pages are not built: services/portal/web/dist is missing.</p></html>`;
