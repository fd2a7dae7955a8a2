/** Who may do what, as docs/ACCESS.md says it, asked of the running services; and one person who tries to pay himself. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { orderIdOf } from '#libs/contracts';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { tokenOf } from '../kit/issuer.ts';
import { checkoutOf, completed, untilOrder } from './marketplace.ts';
import { address, read, send, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/ACCESS.md', import.meta.url)), 'utf8');

/** A token of each role, within the scope that `where` names. */
const GRANTS = {
  officer: (facilityId: string) => `officer@facility:${facilityId}`,
  overseer: () => 'overseer@national',
  'overseer of a region': () => 'overseer@region:Nowhere',
  drafter: () => 'drafter@national',
  'drafter of a facility': (facilityId: string) => `drafter@facility:${facilityId}`,
  approver: () => 'approver@national',
  'approver of a facility': (facilityId: string) => `approver@facility:${facilityId}`,
  auditor: () => 'auditor@national',
  privacy: () => 'privacy@national',
  operator: () => 'operator@national',
  administrator: () => 'administrator@national',
  marketplace: () => 'marketplace@channel:blanja',
  maker: () => 'maker@maker:M-somebody',
};
type Who = keyof typeof GRANTS;

interface Row {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly roles: readonly string[];
  readonly about: string;
}

function rowsOf(page: string): Row[] {
  return page
    .split('\n## ')
    .slice(1)
    .flatMap((section) => {
      const [name = '', ...lines] = section.split('\n');
      if (name === 'portal') return []; // it takes no token: services/portal/portal.int.spec.ts
      const services = name === 'every service' ? SERVICES : [name as Service];
      return lines.flatMap((line) => {
        const [, method, path, , who = '', about = ''] =
          /^\| ([A-Z]+) (\S+) \| (.*?) \| (.*?) \| (.*?) \|$/.exec(line) ?? [];
        if (!method || !path || path.startsWith('/health')) return [];
        return services.map((service) => ({ service, method, path, roles: who.split(', '), about }));
      });
    });
}
const rows = rowsOf(PAGE);

async function statusOf(
  { service, method, path }: Pick<Row, 'service' | 'method' | 'path'>,
  token: string | undefined,
  body: object = {},
): Promise<number> {
  const url = new URL(path.replaceAll(/:(\w+)/g, 'x'), address(service));
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(method === 'POST' && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    ...(method === 'POST' && { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}

/** What the page says of somebody whose request is about nothing that exists. */
function isLetIn({ roles, about }: Row, who: Who): boolean {
  if (roles.includes('public') || roles.includes('signed in')) return true;
  const [role = '', ...narrow] = who.split(' ');
  const isNational = narrow.length === 0 && !['officer', 'marketplace', 'maker'].includes(role);
  if (isNational) return roles.includes(role) || roles.includes(`${role}@national`);
  if (!roles.includes(role) && !(who === 'drafter of a facility' && roles.includes('drafter@facility'))) return false;
  // Nothing in these requests names a facility, channel or maker: only what is left to the database is open.
  const left = about.split(', ');
  if (role === 'maker') return false;
  return (
    left.includes(role === 'marketplace' ? 'list of channels' : 'row') ||
    (role !== 'marketplace' && left.includes('list'))
  );
}

it('the page has the routes of all services', () => {
  expect(new Set(rows.map(({ service }) => service))).toEqual(new Set(SERVICES));
  expect(rows.length).toBeGreaterThan(100);
});

it('each route asks for a token, where it is not public', async () => {
  for (const row of rows) {
    const status = await statusOf(row, undefined);
    expect([row.method, row.path, row.roles.includes('public') ? status !== 401 : status === 401]).toEqual([
      row.method,
      row.path,
      true,
    ]);
  }
});

it.each(Object.keys(GRANTS) as Who[])('a token of %s opens what the page says, and nothing else', async (who) => {
  const isProgram = who === 'marketplace';
  const token = await tokenOf({
    ...(!isProgram && { person: `t2-${who.replaceAll(' ', '-')}` }),
    grants: [GRANTS[who]('F-nowhere')],
  });
  const wrong: string[] = [];
  for (const row of rows) {
    const status = await statusOf(row, token);
    const letIn = status !== 401 && status !== 403;
    if (letIn !== isLetIn(row, who)) wrong.push(`${row.service} ${row.method} ${row.path}: ${status}`);
  }
  expect(wrong).toEqual([]);
});

describe('one person with every grant', () => {
  let workshop: Awaited<ReturnType<typeof openWorkshop>>;
  let sold: ReturnType<typeof checkoutOf>;
  const occurredAt = '2026-01-15T10:00:00+07:00';
  const reason = 'for myself';
  beforeAll(async () => {
    workshop = await openWorkshop({ stock: 10 });
    sold = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 100_000 }]);
    await send(completed(sold));
    await untilOrder(sold, 'credited');
  });

  /** Whatever he is called and whichever program he uses. */
  const spellings = ['p-17', 'P-17', 'Ｐ-１７'];
  async function ask<Body>(path: string, body: object, grants: string[], person: string, client = 'tests') {
    const response = await fetch(new URL(`/v1/${path}`, address('ledger')), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenOf({ person, grants, claims: { client_id: client } })}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }
  const draft = async (path: string, body: object): Promise<string> => {
    const answer = await ask<Record<string, string>>(path, body, ['drafter@national'], 'p-17');
    expect([path, answer.status]).toEqual([path, 200]);
    const { adjustmentId, eventId } = answer.body;
    return String(adjustmentId ?? eventId);
  };
  const entries = () => [
    { account: `facility:${workshop.facilityId}:earnings`, amount: 500 },
    { account: `maker:${workshop.makerIds[0]}:wages`, amount: -500 },
  ];
  const common = () => ({ facilityId: workshop.facilityId, occurredAt, reason });

  it.each<[string, () => Promise<string>, (id: string) => string]>([
    [
      'an adjustment',
      () => draft('adjustments', { ...common(), type: 'adjustment', entries: entries() }),
      (id) => `adjustments/${id}/approval`,
    ],
    [
      'a maker’s event',
      () => draft('maker-events/freezes', { ...common(), makerId: workshop.makerIds[0], because: 'other' }),
      (id) => `maker-events/${id}/approval`,
    ],
  ])('does not approve %s of his own, however he comes', async (_, made, approvalOf) => {
    const before = await read<{ items: object[] }>('ledger', `journals?facilityId=${workshop.facilityId}`);
    const id = await made();
    for (const [index, person] of spellings.entries()) {
      const answer = await ask<{ title: string }>(
        approvalOf(id),
        {},
        ['approver@national'],
        person,
        `program-${index}`,
      );
      expect([answer.status, answer.body.title]).toEqual([403, 'Not by its creator']);
    }
    expect((await ask(approvalOf(id), {}, ['approver@national'], 'p-17 ')).status).toBe(401);
    expect((await ask(approvalOf(id), {}, ['approver@national', 'drafter@national'], 'p-18')).status).toBe(403);
    expect((await ask(approvalOf(id), {}, ['approver@facility:elsewhere'], 'p-18')).status).toBe(404);
    expect((await ask(approvalOf(id), { by: 'p-18' }, ['approver@national'], 'p-17')).status).toBe(400);
    expect(await read('ledger', `journals?facilityId=${workshop.facilityId}`)).toEqual(before);
  });

  it('cannot list the orders of another marketplace, nor what could not be taken of it', async () => {
    const listedFor = async (channel: string, path: string) => {
      const authorization = `Bearer ${await tokenOf({ grants: [`marketplace@channel:${channel}`] })}`;
      const response = await fetch(new URL(`/v1/${path}?limit=1000`, address('orders')), {
        headers: { authorization },
      });
      return ((await response.json()) as { items: { orderId: string | null; channel?: string }[] }).items;
    };
    const own = await listedFor('blanja', 'orders');
    expect(own.map(({ orderId }) => orderId)).toContain(orderIdOf(sold));
    expect(own.filter(({ orderId }) => !orderId?.startsWith('blanja/'))).toEqual([]);
    expect((await listedFor('toko-sandbox', 'orders')).filter(({ orderId }) => orderId?.startsWith('blanja/'))).toEqual(
      [],
    );
    const refused = await listedFor('toko-sandbox', 'rejected-checkouts');
    expect(refused.filter(({ channel }) => channel !== 'toko-sandbox')).toEqual([]);
  });

  it('has no facility, but its region sees it as soon as the catalogue has told where it is', async () => {
    const journalsSeenBy = async (grant: string) => {
      const authorization = `Bearer ${await tokenOf({ person: 'p-19', grants: [grant] })}`;
      const url = new URL(`/v1/journals?facilityId=${workshop.facilityId}`, address('ledger'));
      const { items } = (await (await fetch(url, { headers: { authorization } })).json()) as { items: object[] };
      return items.length;
    };
    await until(
      () => journalsSeenBy('overseer@region:Jawa Timur'),
      (count) => count > 0,
    );
    expect(await journalsSeenBy('overseer@region:Bali')).toBe(0);
    expect(await journalsSeenBy(`officer@facility:${workshop.facilityId}`)).toBeGreaterThan(0);
    expect(await journalsSeenBy('officer@facility:elsewhere')).toBe(0);
  });
});
