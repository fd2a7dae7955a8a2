import { Injectable } from '@nestjs/common';
import { canonical, fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { type FieldError, notFound, Problem } from '#libs/http';
import { changeRules } from '../../books/calendar/rules-lock.repository.ts';
import type { AgreementDraftDto, AgreementView } from './agreement.dto.ts';
import { AgreementRepository, type AgreementVersion, type Draft } from './agreement.repository.ts';
import type { Agreement } from './agreement.ts';
import { type ApprovedAgreement, inForceInterval } from './in-force.ts';
import { AgreementError, agreementFrom } from './lint.ts';
import { lintVersion, type VersionLint } from './version-lint.ts';

/** Agreements from draft to approval: by two persons, and never edited. */
@Injectable()
export class AgreementsService {
  constructor(
    private readonly database: Database,
    private readonly agreements: AgreementRepository,
  ) {}

  /** Keeps a version as a draft. The same draft again is the same answer; another one needs another version. */
  async draft(dto: ByPerson<AgreementDraftDto>): Promise<AgreementView> {
    const draft = draftFrom(dto);
    const { id, version } = draft.agreement;
    await this.agreements.add(this.database, draft);
    const stored = await this.#version(this.database, id, version);
    if (!sameDraft(stored, draft)) {
      throw new Problem({
        status: 409,
        title: 'Version exists',
        detail: `${id} v${version} was drafted with other content, and a version is never edited: draft the next one.`,
      });
    }
    return this.#view(stored);
  }

  /** Puts a draft in force, for orders that are placed from its beginning on. Nothing in the books is shared again. */
  async approve(id: string, version: number, by: string): Promise<AgreementView> {
    await this.database.transaction(async (transaction) => {
      await changeRules(transaction);
      const draft = await this.#version(transaction, id, version);
      if (!isToDo(decisionOf(draft), 'approval', by)) return;
      await this.#requireApprovable(transaction, draft);
      await this.agreements.approve(transaction, draft.agreement, by);
    });
    return this.find(id, version);
  }

  /** Withdraws or rejects a draft. */
  async refuse(id: string, version: number, refusal: Refusal): Promise<AgreementView> {
    await this.database.transaction(async (transaction) => {
      await changeRules(transaction);
      await this.agreements.refuse(transaction, await this.#version(transaction, id, version), refusal);
    });
    return this.find(id, version);
  }

  async find(id: string, version: number): Promise<AgreementView> {
    return this.#view(await this.#version(this.database, id, version));
  }

  /** These versions, in no order. */
  async findAll(keys: readonly Pick<Agreement, 'id' | 'version'>[]): Promise<AgreementView[]> {
    if (keys.length === 0) return [];
    const approved = await this.agreements.approved(this.database);
    return (await this.agreements.versions(this.database, keys)).map((version) => viewOf(version, approved));
  }

  /** By id and version. */
  async list(filter: Parameters<AgreementRepository['list']>[1]): Promise<AgreementView[]> {
    const approved = await this.agreements.approved(this.database);
    const versions = await this.agreements.list(this.database, filter);
    return versions.map((version) => viewOf(version, approved));
  }

  /** What would be said of this draft, which is not kept. Its agreement, if sales can be shared by it. */
  async lint({ definition, ...dto }: AgreementDraftDto): Promise<VersionLint & { readonly agreement?: Agreement }> {
    const reach = reachOf(dto);
    try {
      const agreement = agreementFrom(definition);
      return { ...(await this.#lint(this.database, { ...reach, agreement })), agreement };
    } catch (error) {
      if (!(error instanceof AgreementError)) throw error;
      return { problems: [...error.problems], warnings: [] };
    }
  }

  async #requireApprovable(transaction: Transaction, draft: AgreementVersion): Promise<void> {
    const { problems } = await this.#lint(transaction, draft);
    if (problems.length > 0) throw refusal('Not approvable', new AgreementError(problems));
  }

  async #lint(reader: Pick<Transaction, 'query'>, draft: ApprovedAgreement): Promise<VersionLint> {
    const { problems, warnings } = lintVersion(draft, await this.agreements.approved(reader));
    const sale = await this.agreements.sharedByAnother(reader, draft);
    if (sale !== undefined) {
      problems.push({
        message: {
          en: `begins too early: it would share ${sale}, and what was agreed at a sale stays agreed`,
          id: `mulai terlalu dini: akan membagi ${sale}, padahal yang disepakati saat penjualan tetap berlaku`,
        },
      });
    }
    return { problems, warnings };
  }

  async #view(version: AgreementVersion): Promise<AgreementView> {
    return viewOf(version, await this.agreements.approved(this.database));
  }

  async #version(reader: Pick<Transaction, 'query'>, id: string, version: number): Promise<AgreementVersion> {
    const found = await this.agreements.version(reader, id, version);
    if (!found) throw notFound('Agreement', `${id} v${version}`);
    return found;
  }
}

function draftFrom({ by, definition, ...dto }: ByPerson<AgreementDraftDto>): Draft {
  return { ...reachOf(dto), agreement: definitionFrom(definition), createdBy: by };
}

/** Where and when it is in force. */
function reachOf({ scope, effectiveFrom, effectiveUntil }: Omit<AgreementDraftDto, 'definition'>) {
  const errors: FieldError[] = [];
  if ((scope.level === 'national') !== (scope.id === undefined)) {
    errors.push({
      field: 'scope.id',
      ...fault('scope', 'is needed for all levels but national', 'wajib diisi kecuali pada tingkat nasional'),
    });
  }
  if (effectiveUntil !== undefined && Date.parse(effectiveUntil) <= Date.parse(effectiveFrom)) {
    errors.push({
      field: 'effectiveUntil',
      ...fault('out-of-order', 'must be after effectiveFrom', 'harus sesudah effectiveFrom'),
    });
  }
  if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });
  return {
    scopeLevel: scope.level,
    scopeId: scope.id ?? null,
    effectiveFrom: new Date(effectiveFrom),
    effectiveUntil: effectiveUntil === undefined ? null : new Date(effectiveUntil),
  };
}

function definitionFrom(definition: object): Agreement {
  try {
    return agreementFrom(definition);
  } catch (error) {
    throw error instanceof AgreementError ? refusal('Agreement not sound', error) : error;
  }
}

/** Names each step at fault. */
function refusal(title: string, { message, problems }: AgreementError): Problem {
  const errors = problems.map(({ step, message }) => ({
    field: step ? `step ${step}` : 'agreement',
    code: 'not-sound',
    message,
  }));
  return new Problem({ status: 422, title, detail: message, errors });
}

function sameDraft(a: Draft, b: Draft): boolean {
  const facts = ({ agreement, scopeLevel, scopeId, effectiveFrom, effectiveUntil, createdBy }: Draft) =>
    JSON.stringify([canonical(agreement), scopeLevel, scopeId, effectiveFrom, effectiveUntil, createdBy]);
  return facts(a) === facts(b);
}

function viewOf(version: AgreementVersion, approved: readonly ApprovedAgreement[]): AgreementView {
  const { agreement, scopeLevel, scopeId, effectiveFrom, effectiveUntil: _, ...decided } = version;
  const { status } = decisionOf(version);
  const { until } = inForceInterval(version, approved);
  const superseded = approved.some(
    (other) => other.agreement.id === agreement.id && other.agreement.version > agreement.version,
  );
  return {
    id: agreement.id,
    version: agreement.version,
    scope: { level: scopeLevel, id: scopeId },
    status: status === 'approved' && superseded ? 'superseded' : status,
    effectiveFrom,
    effectiveUntil: Number.isFinite(until) ? new Date(until) : null,
    ...decided,
    definition: agreement,
    ...(status === 'draft' ? lintVersion(version, approved) : { problems: [], warnings: [] }),
  };
}
