import type { Place } from './policy.ts';
import { ROLES } from './roles.ts';
import type { Route } from './routes.ts';

/** docs/ACCESS.md: who may use which route of which service, as the code says it. */
export function accessDocument(services: Readonly<Record<string, readonly Route[]>>): string {
  const roles = Object.entries(ROLES).map(([role, kinds]) => `| ${role} | ${kinds.join(', ')} |`);
  const tables = Object.entries(services).map(([service, routes]) => {
    const rows = routes
      .toSorted((one, other) =>
        one.path < other.path ? -1 : one.path > other.path ? 1 : one.method < other.method ? -1 : 1,
      )
      .map((route) => `| ${route.method} ${route.path} | ${cellsOf(route).join(' | ')} |`);
    return `## ${service}\n\n| route | permission | who | about |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Who may do what

Made by \`npm run docs:access\` from each service's \`policy.ts\` and its controllers; a test fails when it is stale.

Who is who, the issuer of tokens says: a token has grants, a role within a scope each (\`drafter@facility:F1\`, \`auditor@national\`). A role counts in whatever scope it was granted unless a table says \`@national\` or \`@facility\`. Approvers are no officers, drafters, operators or administrators; makers, marketplaces and auditors are nothing else: a token with both is refused.

| role | granted for |
| --- | --- |
${roles.join('\n')}

\`public\`: without a token. \`signed\`: without one, by a signature of what is sent. \`signed in\`: with any. ②: another person than who drafted, asked or reviewed, signed in within 15 minutes, and no new approver. "About" says where the request names what it is about, which must be within the scope (403); \`row\` and \`list\`: what is out of scope is not there (404, left out). The portal knows people by the session of their browser, not by a token: what they ask through it, the services judge by the rows above.

${tables.join('\n')}`;
}

function leftOf({ of, kind }: Place): string {
  return kind === 'channel' ? `${of} of channels` : of;
}

function cellsOf({ door }: Route): [permission: string, who: string, about: string] {
  if (door === undefined) return ['', 'nobody', ''];
  if (typeof door === 'string') return ['', door === 'open' ? 'signed in' : door, ''];
  const { name, permission, places } = door;
  const about = places.map((place) => ('field' in place ? `${place.of} \`${place.field}\`` : leftOf(place)));
  return [`${name}${permission.secondPerson ? ' ②' : ''}`, permission.roles.join(', '), about.join(', ')];
}
