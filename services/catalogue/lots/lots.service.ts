import { Injectable } from '@nestjs/common';
import { type Fault, fault } from '#libs/contracts';
import { isInScope, type Transaction } from '#libs/database';
import type { ByPerson } from '#libs/decisions';
import { type FieldError, notFound, Problem } from '#libs/http';
import { newId } from '#libs/messaging';
import type { ContributionsDto } from '../contributions/contribution.dto.ts';
import { contributionOf } from '../import/catalogue-files.ts';
import type { Contribution, ImportedRows, ImportFault, RecordedLot, Row, Stored } from '../import/catalogue-rows.ts';
import { changesOf } from '../import/changes.ts';
import { ImportRepository } from '../import/import.repository.ts';
import { ImportService } from '../import/import.service.ts';
import { faultsOf } from '../import/rules.ts';
import type { CorrectionDto, LotDto, LotView } from './lot.dto.ts';
import { LotRepository } from './lot.repository.ts';

/** Lots that an officer records one by one: by the rules of the import, which makes them. */
@Injectable()
export class LotsService {
  constructor(
    private readonly lots: LotRepository,
    private readonly imports: ImportService,
    private readonly catalogue: ImportRepository,
  ) {}

  /** @param by person id */
  async record(transaction: Transaction, { contributions, ...lot }: LotDto, by: string): Promise<LotView> {
    const { sku, quantity, unitCost, madeOn, measure } = lot;
    const facilityId = await this.lots.facilityOf(transaction, sku);
    if (facilityId === undefined || !isInScope(facilityId)) throw refused([{ field: 'sku', ...NOT_HERE }]);
    const lotId = newId();
    const values = { lot_id: lotId, sku, facility_id: facilityId, quantity, unit_cost: unitCost, made_on: madeOn };
    const faults = await this.imports.take(
      transaction,
      {
        'lots.csv': [{ number: 1, line: 1, values }],
        'contributions.csv': rowsOf(lotId, { measure, contributions }),
      },
      by,
    );
    if (faults.length > 0) throw refused(faults.map(fieldError));
    return this.#view(transaction, lotId);
  }

  /**
   * Who made a lot of which that was not known: it counts for what is sold from now on. The same again changes nothing.
   * @param by person id
   */
  async recordContributions(
    transaction: Transaction,
    lotId: string,
    dto: ContributionsDto,
    by: string,
  ): Promise<LotView> {
    await this.#view(transaction, lotId);
    const faults = await this.imports.take(transaction, { 'contributions.csv': rowsOf(lotId, dto) }, by);
    if (faults.length > 0) {
      const isRecorded = faults.some(({ reason }) => reason === 'lot-changed');
      throw refused(faults.map(fieldError), isRecorded ? 409 : 422);
    }
    return this.#view(transaction, lotId);
  }

  /** What a lot should have been becomes its next version. */
  async correct(
    transaction: Transaction,
    lotId: string,
    { version, reason, by, ...dto }: ByPerson<CorrectionDto>,
  ): Promise<LotView> {
    const { sku, facilityId } = await this.#view(transaction, lotId);
    const { quantity, unitCost, madeOn } = dto;
    const values = { lot_id: lotId, sku, facility_id: facilityId, quantity, unit_cost: unitCost, made_on: madeOn };
    const rows: ImportedRows = {
      'lots.csv': [{ number: 1, line: 1, values }],
      'contributions.csv': rowsOf(lotId, dto),
    };
    const stored = await this.catalogue.stored(transaction, rows); // no import comes between from here on
    const lot = await this.lots.lock(transaction, lotId);
    const before = stored.lots.get(lotId);
    if (!lot || !before) throw notFound('Lot', lotId);
    if (lot.version !== version) {
      const error = fault('corrected', `is ${lot.version} by now`, `kini ${lot.version}`, { now: lot.version });
      throw new Problem({ status: 409, title: 'Lot has been corrected', errors: [{ field: 'version', ...error }] });
    }
    const gone = lot.quantity - lot.available;
    const anew = withoutLot(stored, before);
    const errors = faultsOf(rows, anew).map(fieldError);
    if (quantity < gone) {
      errors.push({ field: 'quantity', ...fault('too-few', `must be at least ${gone}`, `paling sedikit ${gone}`) });
    }
    if (errors.length > 0) throw refused(errors);
    const [corrected] = changesOf(rows, anew).changes.lots;
    if (!corrected || isSame(corrected, before)) return lot;
    await this.lots.correct(transaction, corrected, by, reason);
    if (!hasSameMakers(corrected, before)) {
      const made =
        before.contributions.size === 0 ? { lots: [], recorded: [corrected] } : { lots: [corrected], recorded: [] };
      await this.imports.tellMakers(transaction, { ...made, facilities: [] }, stored, by);
    }
    return this.#view(transaction, lotId);
  }

  async #view(transaction: Transaction, lotId: string): Promise<LotView> {
    const lot = await this.lots.find(transaction, lotId);
    if (!lot) throw notFound('Lot', lotId);
    return lot;
  }
}

const NOT_HERE: Fault = fault(
  'unknown-sku',
  'is no product of a facility of yours',
  'bukan barang dari satuan kerja Anda',
);

/** As the rows of a file. What cannot be read is a fault of its field. */
function rowsOf(lotId: string, { measure, contributions }: ContributionsDto): Row<Contribution>[] {
  const column = contributionOf(measure);
  const read = contributions.map(({ value }) => column.read(value));
  const errors = read.flatMap(({ fault: found }, index) =>
    found ? [{ field: `contributions.${index}.value`, ...found }] : [],
  );
  if (errors.length > 0) throw refused(errors);
  return contributions.map(({ makerId }, index) => ({
    number: index + 1,
    line: index + 1,
    values: { lot_id: lotId, maker_id: makerId, measure, value: read[index]?.value },
  }));
}

const FIELDS: Readonly<Record<string, string>> = {
  unit_cost: 'unitCost',
  made_on: 'madeOn',
  maker_id: 'makerId',
};

/** A fault of a row, as one of the field that the row came from. */
function fieldError({ file, row = 1, column = '', reason, message }: ImportFault): FieldError {
  const field = FIELDS[column] ?? column;
  const isOfMaker = file === 'contributions.csv' && field !== 'measure';
  return { field: isOfMaker ? `contributions.${row - 1}.${field}` : field, code: reason, message };
}

/** As if the lot were new: its makers may stay, also those who are elsewhere by now, whom the scope does not show. */
function withoutLot({ lots, makers, ...stored }: Stored, { lot_id, facility_id, contributions }: RecordedLot): Stored {
  const here = { facility_id, fingerprint: null, is_child: null };
  return {
    ...stored,
    lots: new Map([...lots].filter(([lotId]) => lotId !== lot_id)),
    makers: new Map([...makers, ...[...contributions.keys()].map((makerId) => [makerId, here] as const)]),
  };
}

function isSame(one: RecordedLot, other: RecordedLot): boolean {
  const columns = ['quantity', 'unit_cost', 'made_on', 'measure'] as const;
  return columns.every((column) => one[column] === other[column]) && hasSameMakers(one, other);
}

function hasSameMakers({ contributions: some }: RecordedLot, { contributions: others }: RecordedLot): boolean {
  return some.size === others.size && [...some].every(([makerId, value]) => others.get(makerId) === value);
}

function refused(errors: readonly FieldError[], status: 409 | 422 = 422): Problem {
  return new Problem({ status, title: status === 409 ? 'Contributions are recorded' : 'Lot not recorded', errors });
}
