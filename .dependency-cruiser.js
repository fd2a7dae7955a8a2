/** The rules of docs/ARCHITECTURE.md that a tool can check, on every import of the sources. */
const tests = '\\.spec\\.ts$';

/** Plain files of the domain: in a service's folder of a noun, without a suffix that says another role. */
const pureDomain = '^services/[^/]+/(?!migrations/).+/[^/.]+\\.ts$';

/** The rooms of the ledger: each stands only on those before it. */
const rooms = ['books', 'sharing', 'sales', 'decisions', 'explanations', 'proof', 'closing', 'reports'];

const framework =
  'node_modules/(@nestjs|typeorm|kafkajs|pg|express|rxjs|reflect-metadata|class-validator|class-transformer)/';

export default {
  forbidden: [
    {
      name: 'services-share-only-contracts',
      comment: 'A service never imports another: what they share is libs/contracts.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    ...rooms.slice(0, -1).map((room, index) => ({
      name: `ledger-${room}`,
      comment: 'Each room of the ledger stands only on those before it.',
      severity: 'error',
      from: { path: `^services/ledger/${room}/`, pathNot: tests },
      to: { path: `^services/ledger/(${rooms.slice(index + 1).join('|')})/` },
    })),
    {
      name: 'pure-libraries',
      comment: 'libs/contracts and libs/money import no framework.',
      severity: 'error',
      from: { path: '^libs/(contracts|money)/', pathNot: tests },
      to: { path: `${framework}|^libs/(?!contracts/|money/)` },
    },
    {
      name: 'pure-domain',
      comment: 'Plain domain files import no infrastructure.',
      severity: 'error',
      from: { path: pureDomain },
      to: { path: `${framework}|^libs/(messaging|database|http|observability|service)/` },
    },
    {
      name: 'kafka-only-in-messaging',
      comment: 'Only libs/messaging imports a Kafka client.',
      severity: 'error',
      from: { pathNot: '^libs/messaging/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'typeorm-only-in-repositories',
      comment:
        'Only repositories, entities and migrations import TypeORM, apart from libs/database and libs/messaging.',
      severity: 'error',
      from: {
        path: '^(libs|services)/',
        pathNot: `^libs/(database|messaging)/|\\.(repository|entity)\\.ts$|/migrations/|${tests}`,
      },
      to: { path: 'node_modules/typeorm/' },
    },
    {
      name: 'values-have-kinds',
      comment: 'What comes in is of a kind of libs/contracts/values: only libs/http checks bodies and parameters.',
      severity: 'error',
      from: { pathNot: '^libs/http/' },
      to: { path: 'node_modules/(class-validator|class-transformer)/' },
    },
    {
      name: 'pages-by-themselves',
      comment: 'What runs in browsers imports nothing of what runs on servers, and is imported by nothing.',
      severity: 'error',
      from: { path: '^services/portal/web/' },
      to: { path: '^(libs|services|deploy|test)/', pathNot: '^services/portal/web/' },
    },
    {
      name: 'nothing-stands-on-pages',
      comment: 'What runs in browsers imports nothing of what runs on servers, and is imported by nothing.',
      severity: 'error',
      from: { pathNot: '^(services/portal/web/|test/portal/answers\\.ts)' }, // which compares what both say
      to: { path: '^services/portal/web/' },
    },
    {
      name: 'no-cycles',
      comment: 'No cycles.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that this tool cannot follow escapes the rules above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // type imports count: a cycle of types is a cycle of ideas
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^services/portal/web/dist/' },
  },
};
