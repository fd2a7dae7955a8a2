import { Injectable } from '@nestjs/common';
import { contributionsRecorded } from '#libs/contracts';
import { Database } from '#libs/database';
import { Problem } from '#libs/http';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { PersonalData } from '../makers/personal-data.ts';
import { type CatalogueFile, catalogueFileNames, catalogueFiles } from './catalogue-files.ts';
import { type ImportFault, type RecordedLot, readCatalogue, type Stored } from './catalogue-rows.ts';
import { type Changes, type Counts, changesOf } from './changes.ts';
import { ImportRepository } from './import.repository.ts';
import { faultsOf } from './rules.ts';

/** Takes a facility's catalogue from files: everything that they say, or nothing and every reason against it. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: ImportRepository,
    private readonly personalData: PersonalData,
    private readonly outbox: Outbox,
  ) {}

  async import(files: { readonly [File in CatalogueFile]?: string }, dryRun: boolean): Promise<Counts> {
    const { rows, faults } = readCatalogue(files);
    return this.database.transaction(async (transaction) => {
      const stored = await this.catalogue.stored(transaction, rows);
      faults.push(...faultsOf(rows, stored));
      if (faults.length > 0) throw refusal(faults);
      const { changes, counts } = changesOf(rows, stored, (maker) => this.personalData.fingerprintOf(maker));
      if (dryRun) return counts;
      await this.catalogue.save(transaction, changes);
      await this.outbox.append(transaction, recordedIn(changes, stored));
      return counts;
    });
  }
}

/** Of each new lot whose makers are known. */
function recordedIn({ lots, facilities }: Changes, stored: Stored) {
  const regions = new Map(
    [...stored.facilities.values(), ...facilities].map((each) => [each.facility_id, each.region]),
  );
  const cause = { correlationId: newId() };
  const recordedAt = new Date().toISOString();
  const eventOf = ({ lot_id: lotId, facility_id: facilityId, contributions }: RecordedLot) => {
    const makerIds = [...contributions.keys()];
    const region = regions.get(facilityId) ?? '';
    return newEvent(contributionsRecorded, { lotId, facilityId, region, recordedAt, makerIds }, cause);
  };
  return lots.filter(({ contributions }) => contributions.size > 0).map(eventOf);
}

function refusal(faults: readonly ImportFault[]): Problem {
  return new Problem({
    status: 422,
    title: 'Catalogue not imported',
    detail: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}. Nothing was changed.`,
    errors: faults.toSorted(inReadingOrder).map(({ message, ...fault }) => ({
      ...fault,
      field: fieldOf(fault),
      code: fault.reason,
      message: { id: message, en: message },
    })),
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

function fieldOf({ file, row, column }: Omit<ImportFault, 'message'>): string {
  return ['files', file, row, column].filter((part) => part !== undefined).join('/');
}
