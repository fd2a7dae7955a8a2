import { hash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { canonical } from '#libs/contracts';
import { leafHash, rootOfProof } from '../../books/chain/merkle-tree.ts';
import { contradictionsIn, keyOfDay, trustedIn } from '../seals/key-list.ts';
import { dayOf, isGenuine, isSignedBy, type Seal } from '../seals/seal.ts';
import { IssuedStatement, type Line, type ProvenJournal, runningLines, type Statement } from './maker-statement.ts';

/** In English and Indonesian. */
export interface Words {
  readonly en: string;
  readonly id: string;
}

/** `true`: proven; `false`: refuted; `undefined`: neither can be shown. */
export interface Finding extends Words {
  readonly holds: boolean | undefined;
}

const validator = Compile(IssuedStatement);

/** @throws Error if the text is no statement */
export function statementFrom(text: string): IssuedStatement {
  const value: unknown = JSON.parse(text);
  if (validator.Check(value)) return value;
  const [first] = validator.Errors(value);
  throw new Error(`not a statement: ${first?.instancePath || 'it'} ${first?.message}`);
}

/**
 * What a statement proves, by itself and against a key that the reader has from elsewhere. Nothing else is needed.
 * @param trusted Ed25519, DER in base64, one or several; undefined: only that the keys hand over to each other can be shown
 */
export function findingsOf(
  { statement, publicKey, signature }: IssuedStatement,
  trusted?: readonly string[],
): Finding[] {
  const { journals, seals, lines, closing, opening, keys = [] } = statement;
  const isOfDay = (seal: Seal) => seal.publicKey === (keyOfDay(keys, seal.date)?.publicKey ?? publicKey);
  const hasKeys = keys.length === 0 || keys.at(-1)?.publicKey === publicKey;
  const vouchedFor = new Set([...(trusted ?? []), ...trustedIn(keys, trusted ?? [])]);
  const sealed = journals.filter(({ proof }) => proof);
  const findings: Finding[] = [
    {
      holds: figuresAddUp(statement),
      en: `the figures add up: IDR ${opening.total} before, ${lines.length} lines, IDR ${closing.total} after`,
      id: `angka-angkanya cocok: IDR ${opening.total} di awal, ${lines.length} baris, IDR ${closing.total} di akhir`,
    },
    {
      holds: linesAreEntries(statement),
      en: 'every line is an entry of a journal of the books, and of these journals nothing of this maker is left out',
      id: 'setiap baris adalah ayat jurnal dalam pembukuan, dan tidak ada bagian penerima ini dari jurnal itu yang hilang',
    },
    {
      holds: sealed.every((journal) => isProven(journal, seals)),
      en: `${sealed.length} of ${journals.length} journals stood, unchanged, in the sealed books of their day`,
      id: `${sealed.length} dari ${journals.length} jurnal tercatat, tanpa perubahan, dalam pembukuan harian yang disegel`,
    },
    {
      holds: seals.every((seal) => isGenuine(seal) && isOfDay(seal)) && contradictionsIn(keys).next().done === true,
      en: `the ${seals.length} seals of these days are signed, each by the key of its day`,
      id: `${seals.length} segel hari-hari itu ditandatangani, masing-masing dengan kunci harinya`,
    },
    {
      holds: isSignedBy(statement, signature, publicKey) && hasKeys,
      en: 'the books have signed this statement as a whole: for what it leaves out they answer',
      id: 'pembukuan menandatangani laporan ini secara utuh dan menjawab atas apa yang tidak dimuat',
    },
    trusted === undefined
      ? {
          holds: undefined,
          en: 'whose key that is cannot be told: give the public key of the books with --key',
          id: 'milik siapa kunci itu tidak diketahui: berikan kunci publik pembukuan dengan --key',
        }
      : {
          holds: [publicKey, ...seals.map((seal) => seal.publicKey)].every((key) => vouchedFor.has(key)),
          en: 'the key is one that you gave, or one that these vouch for (if it was changed since: give all of /v1/audit/keys)',
          id: 'kuncinya adalah kunci yang Anda berikan, atau dijamin olehnya (jika sudah diganti: berikan seluruh /v1/audit/keys)',
        },
  ];
  if (sealed.length < journals.length) {
    findings.push({
      holds: undefined,
      en: `${journals.length - sealed.length} journals were recorded on a day that was not over: ask again after it`,
      id: `${journals.length - sealed.length} jurnal dicatat pada hari yang belum berakhir: mintalah lagi setelahnya`,
    });
  }
  if (statement.from !== null) {
    findings.push({
      holds: undefined,
      en: `what was before ${statement.from} is stated and signed, but its lines are in earlier statements`,
      id: `saldo sebelum ${statement.from} dinyatakan dan ditandatangani, tetapi rinciannya ada di laporan sebelumnya`,
    });
  }
  return findings;
}

function figuresAddUp({ opening, closing, lines, from }: Statement): boolean {
  const computed = runningLines(opening.accounts, lines);
  const beginsAtZero = from !== null || Object.values(opening.accounts).every((balance) => balance === 0);
  const given = { opening, lines, closing };
  return beginsAtZero && canonical(computed) === canonical(given);
}

/** Lines and the entries of the shown parts are the same, one to one, and each line says what its journal says. */
function linesAreEntries({ makerId, from, to, lines, journals }: Statement): boolean {
  const known = new Map(journals.map((journal) => [journal.facts.journalId, journal]));
  if (known.size !== journals.length) return false;
  const entries = journals.flatMap(({ facts, part }) =>
    part.entries.map((entry) => canonical([facts.journalId, entry])),
  );
  const shown = lines.map((line) => canonical([line.journalId, entryOf(line, makerId)]));
  return (
    canonical(entries.sort()) === canonical(shown.sort()) &&
    lines.every((line) => {
      const facts = known.get(line.journalId)?.facts;
      return (
        facts?.kind === line.kind &&
        facts.postedOn === line.postedOn &&
        facts.sourceReference === line.reference &&
        facts.facilityId === line.facilityId &&
        (from === null || from <= line.postedOn) &&
        line.postedOn <= to
      );
    })
  );
}

/** As the books have it: the account's whole code, credit negative. */
function entryOf({ account, lineRef, step, amount }: Line, makerId: string) {
  return [`maker:${makerId}:${account}`, lineRef, step, -amount];
}

function isProven({ facts, part, proof }: ProvenJournal, seals: readonly Seal[]): boolean {
  const seal = seals.find(({ date }) => date === proof?.date);
  return (
    proof !== null &&
    seal !== undefined &&
    facts.parts.includes(hash('sha256', canonical(part), 'hex')) &&
    dayOf(new Date(facts.recordedAt)) === seal.date &&
    rootOfProof(leafHash(canonical(facts)), proof.index, seal.journals, proof.path) === seal.root
  );
}
