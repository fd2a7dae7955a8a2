import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { type Import, importsOf } from './imports.ts';

/** A part of the sources that is named after its folder: a library, a service, a room. */
interface Graph {
  readonly rooms: readonly string[];
  /** How many imports lead from a room to another, by `from to`. */
  readonly arrows: ReadonlyMap<string, number>;
}

/** docs/ARCHITECTURE.md with its pictures as the sources have them now. */
export function withPictures(document: string, root: string): string {
  const { files, imports } = importsOf(root);
  const rooms = roomsOfLedger(root);
  const ledger = graphOf(
    rooms.map(({ name }) => name),
    imports,
    roomIn('ledger'),
  );
  const pictures: Readonly<Record<string, string>> = {
    system: flowchart(graphOf(namesOf(files, partOf), imports, partOf)),
    rooms: `${flowchart(ledger)}\n\n${roomTable(rooms, files)}\n\n${matrix(ledger)}`,
    measure: measures(files, imports),
  };
  return document.replace(/(<!-- picture: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, begin, name, end) => {
    const picture = pictures[name];
    if (picture === undefined) throw new Error(`docs/ARCHITECTURE.md asks for a picture ${name} that nobody draws`);
    return `${begin}${picture}\n${end}`;
  });
}

/** In their order, with what the module says that each holds. */
function roomsOfLedger(root: string): { name: string; holds: string }[] {
  const module = readFileSync(join(root, 'services/ledger/ledger.module.ts'), 'utf8');
  return [...module.matchAll(/^ {4}(\w+)Module, \/\/ +(.+)$/gm)].map(([, name = '', holds = '']) => {
    return { name: name.toLowerCase(), holds };
  });
}

const partOf = (file: string) => file.split('/').slice(0, 2).join('/');
const roomIn = (service: string) => (file: string) =>
  file.startsWith(`services/${service}/`) ? (file.split('/').slice(2, -1)[0] ?? '') : '';
const namesOf = (files: readonly string[], nameOf: (file: string) => string) =>
  [...new Set(files.map(nameOf))].filter((name) => name !== '').sort();

function graphOf(rooms: readonly string[], imports: readonly Import[], roomOf: (file: string) => string): Graph {
  const arrows = new Map<string, number>();
  for (const { from, to } of imports) {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === other || !rooms.includes(room) || !rooms.includes(other)) continue;
    arrows.set(`${room} ${other}`, (arrows.get(`${room} ${other}`) ?? 0) + 1);
  }
  return { rooms, arrows };
}

/** Arrows that others lead to as well are left out: who sees them sees what stands on what. */
function flowchart(graph: Graph): string {
  const idOf = (room: string) => room.replaceAll('/', '_');
  const lines = [...graph.arrows.keys()].sort().flatMap((arrow) => {
    const [from = '', to = ''] = arrow.split(' ');
    const isLong = graph.rooms.some(
      (via) => via !== to && graph.arrows.has(`${from} ${via}`) && reaches(graph, via, to, new Set([from])),
    );
    return isLong ? [] : [`  ${idOf(from)}["${from}"] --> ${idOf(to)}["${to}"]`];
  });
  return ['```mermaid', 'flowchart BT', ...lines, '```'].join('\n');
}

function reaches(graph: Graph, from: string, to: string, seen: Set<string>): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return graph.rooms.some((via) => graph.arrows.has(`${from} ${via}`) && reaches(graph, via, to, seen));
}

function roomTable(rooms: readonly { name: string; holds: string }[], files: readonly string[]): string {
  const rows = rooms.map(({ name, holds }) => {
    const own = files.filter((file) => file.startsWith(`services/ledger/${name}/`));
    const inner = namesOf(own, (file) => file.split('/').slice(3, -1)[0] ?? '');
    return [`\`${name}/\``, holds, inner.map((folder) => `\`${folder}/\``).join(' '), String(own.length)];
  });
  return table(['room', 'holds', 'its folders', 'files'], rows);
}

/** Imports of the room of a row from the room of a column: none above the diagonal, as no room knows those above it. */
function matrix({ rooms, arrows }: Graph): string {
  const rows = rooms.map((from) => [
    `**${from}**`,
    ...rooms.map((to) => (from === to ? '·' : String(arrows.get(`${from} ${to}`) ?? ''))),
  ]);
  return table(['imports from', ...rooms], rows);
}

function measures(files: readonly string[], imports: readonly Import[]): string {
  const services = ['catalogue', 'orders', 'payments', 'ledger'];
  const rows = services.map((service) => {
    const own = files.filter((file) => file.startsWith(`services/${service}/`));
    const graph = graphOf(namesOf(own, roomIn(service)), imports, roomIn(service));
    const circles = graph.rooms.filter((room) =>
      graph.rooms.some((via) => graph.arrows.has(`${room} ${via}`) && reaches(graph, via, room, new Set())),
    );
    return [service, own.length, graph.rooms.length, graph.arrows.size, circles.length].map(String);
  });
  return table(['service', 'files', 'rooms', 'arrows between them', 'rooms in a circle'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
