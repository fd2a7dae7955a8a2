/** A browser as far as servers can tell one: it keeps cookies, follows redirects, and says where a request comes from. */
export class Browser {
  /** Of 127.0.0.1, whatever the port. */
  readonly cookies = new Map<string, string>();
  /** As they were set, with their attributes. */
  readonly setCookies: string[] = [];

  /** @param origin of the portal */
  constructor(readonly origin: string) {}

  /** One request, from a page of the portal. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(url, this.origin), {
      redirect: 'manual',
      ...init,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'sec-fetch-site': 'same-origin',
        ...(init.headers as Record<string, string>),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      this.setCookies.push(cookie);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Signs in as a person of the demo. @returns the addresses on the way */
  async signIn(as: string, to = '/'): Promise<URL[]> {
    const way = [new URL(`/auth/login?${new URLSearchParams({ as, to })}`, this.origin)];
    for (let at = way[0]; at !== undefined && way.length < 10; ) {
      const response = await this.fetch(at.href, { headers: { 'sec-fetch-site': 'none' } });
      await response.body?.cancel();
      const location = response.headers.get('location');
      if (location === null) return way;
      at = new URL(location, at);
      way.push(at);
      if (at.origin === this.origin && !at.pathname.startsWith('/auth/')) return way;
    }
    throw new Error(`signing in leads nowhere: ${way.join(' ')}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  async get(path: string): Promise<{ status: number; body: any }> {
    const response = await this.fetch(path);
    return { status: response.status, body: await response.json() };
  }

  /** As a page of the portal sends it. */
  async post(
    path: string,
    body?: object,
    headers: Record<string, string> = {},
    // biome-ignore lint/suspicious/noExplicitAny: as above
  ): Promise<{ status: number; body: any }> {
    const response = await this.fetch(path, {
      method: 'POST',
      headers: { 'x-pasindo': '1', ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}
