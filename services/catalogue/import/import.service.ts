import { Injectable } from '@nestjs/common';
import { contributionsRecorded, type DataOf, fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { FacilitiesService } from '../facilities/facilities.service.ts';
import { type CatalogueFile, catalogueFileNames, catalogueFiles, workbookNameOf } from './catalogue-files.ts';
import { type ImportedRows, type ImportFault, type RecordedLot, readCatalogue, type Stored } from './catalogue-rows.ts';
import { type Changes, changesOf, withdrawnIn } from './changes.ts';
import type { ImportDto, ImportResultView } from './import.dto.ts';
import { ImportRepository } from './import.repository.ts';
import { faultsOf } from './rules.ts';

/** Takes a facility's catalogue from files: everything that they say, or nothing and every reason against it. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: ImportRepository,
    private readonly facilities: FacilitiesService,
    private readonly outbox: Outbox,
  ) {}

  /** @param by person id */
  async import(
    files: GivenFiles,
    { dryRun, by }: { dryRun: boolean; by: string },
  ): Promise<Omit<ImportResultView, 'dryRun'>> {
    const { rows, faults, passedOver } = await readCatalogue(bytesOf(files));
    return this.database.transaction(async (transaction) => {
      const stored = await this.catalogue.stored(transaction, rows);
      faults.push(...faultsOf(rows, stored));
      if (faults.length > 0) throw refusal(faults, rows, files);
      const { changes, counts, changed } = changesOf(rows, stored);
      if (!dryRun) await this.#save(transaction, changes, stored, by);
      return { files: counts, passedOver, ...(dryRun && { rows: changed }) };
    });
  }

  /**
   * Takes rows that somebody has entered one by one, as those of a file.
   * @param by person id
   * @returns what forbids it; then nothing is changed
   */
  async take(transaction: Transaction, rows: ImportedRows, by: string): Promise<ImportFault[]> {
    const stored = await this.catalogue.stored(transaction, rows);
    const faults = faultsOf(rows, stored);
    if (faults.length === 0) await this.#save(transaction, changesOf(rows, stored).changes, stored, by);
    return faults;
  }

  /** Others are told who made these lots. @param by person id */
  async tellMakers(transaction: Transaction, made: MadeLots, stored: Stored, by: string): Promise<void> {
    await this.outbox.append(transaction, recordedIn(made, stored, by));
  }

  async #save(transaction: Transaction, changes: Changes, stored: Stored, by: string): Promise<void> {
    await this.catalogue.save(transaction, changes, withdrawnIn(changes, stored), by);
    await this.tellMakers(transaction, changes, stored, by);
    if (changes.facilities.length > 0) await this.facilities.tell(transaction);
  }
}

type GivenFiles = ImportDto['files'];

/** The bytes of the files, by what they hold. */
function bytesOf(files: GivenFiles): { [File in CatalogueFile]?: Buffer } {
  return Object.fromEntries(
    catalogueFileNames.flatMap((file) => {
      const workbook = workbookNameOf(file);
      const { [file]: csv, [workbook]: xlsx } = files;
      if (csv !== undefined && xlsx !== undefined) {
        const wrong = fault('given-twice', `is given as ${file} already`, `sudah diberikan sebagai ${file}`);
        throw new Problem({
          status: 400,
          title: 'Invalid request',
          errors: [{ field: `files.${workbook}`, ...wrong }],
        });
      }
      if (csv !== undefined) return [[file, Buffer.from(csv)]];
      return xlsx === undefined ? [] : [[file, Buffer.from(xlsx, 'base64')]];
    }),
  );
}

type MadeLots = Pick<Changes, 'lots' | 'recorded' | 'facilities'>;

/** Of each lot whose makers are known from now on. */
function recordedIn({ lots, recorded, facilities }: MadeLots, stored: Stored, by: string) {
  const regions = new Map(
    [...stored.facilities.values(), ...facilities].map((each) => [each.facility_id, each.region]),
  );
  const cause = { correlationId: newId() };
  const recordedAt = new Date().toISOString();
  const eventOf = (lot: RecordedLot, late?: DataOf<typeof contributionsRecorded>['late']) => {
    const { lot_id: lotId, facility_id: facilityId, contributions } = lot;
    const region = regions.get(facilityId) ?? '';
    const makerIds = [...contributions.keys()];
    return newEvent(
      contributionsRecorded,
      { lotId, facilityId, region, recordedAt, makerIds, ...(late && { late }) },
      cause,
    );
  };
  return [
    ...lots.filter(({ contributions }) => contributions.size > 0).map((lot) => eventOf(lot)),
    ...recorded.map((lot) => {
      const contributions = [...lot.contributions].map(([makerId, weight]) => ({ makerId, weight }));
      return eventOf(lot, { by, measure: lot.measure, contributions });
    }),
  ];
}

function refusal(faults: readonly ImportFault[], rows: ImportedRows, files: GivenFiles): Problem {
  const errors = faults.toSorted(inReadingOrder).map((fault) => {
    const line = fault.row === undefined ? undefined : rows[fault.file]?.[fault.row - 1]?.line;
    const file = files[fault.file] === undefined ? workbookNameOf(fault.file) : fault.file;
    const { id, en } = fault.message;
    // In both languages, whichever the answer is in: who mends a file and who writes it need not share one.
    const sentences = { messageId: id, messageEn: en };
    return {
      ...fault,
      ...sentences,
      ...(line && { line }),
      file,
      field: fieldOf({ ...fault, file }),
      code: fault.reason,
    };
  });
  return new Problem({
    status: 422,
    title: 'Catalogue not imported',
    detail: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}. Nothing was changed.`,
    errors,
  });
}

/** By file, row and column; what is wrong with a header comes before its rows. */
function inReadingOrder(a: ImportFault, b: ImportFault): number {
  const file = catalogueFileNames.indexOf(a.file) - catalogueFileNames.indexOf(b.file);
  return file || (a.row ?? 0) - (b.row ?? 0) || columnIndex(a) - columnIndex(b);
}

function columnIndex({ file, column = '' }: ImportFault): number {
  return Object.keys(catalogueFiles[file]).indexOf(column);
}

function fieldOf({ file, row, column }: { file: string; row?: number; column?: string }): string {
  return ['files', file, row, column].filter((part) => part !== undefined).join('/');
}
