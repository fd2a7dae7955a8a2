import { Injectable } from '@nestjs/common';
import { CLOCK_SKEW_MAX_MS, canonical, fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { type FieldError, notFound, Problem } from '#libs/http';
import type { ChannelDto, ChannelView, TermsDraftDto, TermsView } from './channel.dto.ts';
import { type Channel, ChannelRepository, paymentMethodOf, type StoredTerms } from './channel.repository.ts';
import { refusalOf, trustedHosts } from './public-address.ts';
import { termsAt, WHOLE_BP } from './terms.ts';

/** Channels, and what they charge and bear: versions that two persons agree on. */
@Injectable()
export class ChannelsService {
  readonly #trusted = trustedHosts();

  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
  ) {}

  /** By id, with the terms that orders placed now are under. */
  async list(): Promise<ChannelView[]> {
    const now = new Date();
    return (await this.channels.all(this.database)).map(({ versions, listings: _, ...channel }) => {
      return { ...channel, payment: paymentMethodOf(channel), terms: termsAt(versions, now) ?? null };
    });
  }

  /** The same again is the same answer. Until terms of it are approved nothing is taken from it. */
  async create({ by, ...channel }: ByPerson<ChannelDto>): Promise<ChannelView> {
    await this.channels.add(this.database, channel, by);
    const stored = (await this.list()).find(({ channelId }) => channelId === channel.channelId);
    if (stored?.name !== channel.name || stored.kind !== channel.kind) {
      throw new Problem({
        status: 409,
        title: 'Channel exists',
        detail: `${channel.channelId} has another name or kind.`,
      });
    }
    return stored;
  }

  async versions(channelId: string): Promise<TermsView[]> {
    const versions = await this.channels.versions(this.database, channelId);
    if (versions.length === 0 && !(await this.list()).some((channel) => channel.channelId === channelId)) {
      throw notFound('Channel', channelId);
    }
    return versions.map(viewOf);
  }

  /** Keeps a version as a draft. The same draft again is the same answer; another one needs another version. */
  async draft(
    channelId: string,
    { by, version, effectiveFrom, ...terms }: ByPerson<TermsDraftDto>,
  ): Promise<TermsView> {
    return this.database.transaction(async (transaction) => {
      requireSound(await this.#locked(transaction, channelId), terms, this.#trusted);
      const draft = { channelId, version, effectiveFrom: new Date(effectiveFrom), terms, createdBy: by };
      await this.channels.draft(transaction, draft);
      const stored = await this.#version(transaction, channelId, version);
      if (contentOf(stored) !== contentOf(draft)) {
        throw new Problem({
          status: 409,
          title: 'Version exists',
          detail: `${channelId} v${version} was drafted with other content, and a version is never edited: draft the next one.`,
        });
      }
      return viewOf(stored);
    });
  }

  /** Puts a draft in force for orders that are placed from its beginning on. What was accepted keeps its terms. */
  approve(channelId: string, version: number, by: string): Promise<TermsView> {
    return this.#decide(channelId, version, async (transaction, draft) => {
      if (!isToDo(decisionOf(draft), 'approval', by)) return;
      requireToBegin(draft, await this.channels.versions(transaction, channelId));
      await this.channels.approve(transaction, draft, by);
    });
  }

  /** Withdraws or rejects a draft. */
  refuse(channelId: string, version: number, refusal: Refusal): Promise<TermsView> {
    return this.#decide(channelId, version, (transaction, draft) => this.channels.refuse(transaction, draft, refusal));
  }

  #decide(
    channelId: string,
    version: number,
    decide: (transaction: Transaction, draft: StoredTerms) => Promise<void>,
  ): Promise<TermsView> {
    return this.database.transaction(async (transaction) => {
      await this.#locked(transaction, channelId);
      await decide(transaction, await this.#version(transaction, channelId, version));
      return viewOf(await this.#version(transaction, channelId, version));
    });
  }

  async #locked(transaction: Transaction, channelId: string): Promise<Channel> {
    const channel = await this.channels.lock(transaction, channelId);
    if (!channel) throw notFound('Channel', channelId);
    return channel;
  }

  async #version(transaction: Transaction, channelId: string, version: number): Promise<StoredTerms> {
    const found = (await this.channels.versions(transaction, channelId)).find((one) => one.version === version);
    if (!found) throw notFound('Terms', `${channelId} v${version}`);
    return found;
  }
}

/** @param trusted hosts to which outcomes are sent wherever they are. @throws Problem (400), by field */
function requireSound(
  channel: Channel,
  { fees, sellersPartOfDiscountBp, shippingBorneBy, outcomesTo }: StoredTerms['terms'],
  trusted: ReadonlySet<string>,
): void {
  const errors: FieldError[] = [];
  const names = fees.map(({ name }) => name);
  for (const [index, { name, min = 0, max = min }] of fees.entries()) {
    if (names.indexOf(name) !== index) {
      errors.push({ field: `fees.${index}.name`, ...fault('duplicate', 'must be unique', 'harus unik') });
    }
    if (max < min) {
      errors.push({
        field: `fees.${index}.max`,
        ...fault('out-of-order', 'must be >= min', 'paling kecil sebesar min'),
      });
    }
  }
  if (channel.kind === 'shop' && sellersPartOfDiscountBp < WHOLE_BP) {
    errors.push({
      field: 'sellersPartOfDiscountBp',
      ...fault('not-of-a-shop', 'is all (10000) in a shop of our own', 'seluruhnya (10000) di toko sendiri'),
    });
  }
  if (channel.kind === 'shop' && shippingBorneBy === 'platform') {
    errors.push({
      field: 'shippingBorneBy',
      ...fault('not-of-a-shop', 'is seller or buyer in a shop of our own', 'seller atau buyer di toko sendiri'),
    });
  }
  if (outcomesTo !== undefined && refusalOf(new URL(outcomesTo), trusted) !== undefined) {
    errors.push({ field: 'outcomesTo', ...fault('not-public', 'is not https and public', 'bukan https dan publik') });
  }
  if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });
}

/**
 * Orders are taken up to a day before they are placed by our clock, so a later version reaches none of them if it begins
 * after that; the first meets none, as nothing is taken from a channel without terms.
 * @throws Problem (422)
 */
function requireToBegin({ effectiveFrom }: StoredTerms, versions: readonly StoredTerms[]): void {
  const isFirst = versions.every(({ approvedAt }) => approvedAt === null);
  if (isFirst || +effectiveFrom > Date.now() + CLOCK_SKEW_MAX_MS) return;
  throw new Problem({
    status: 422,
    title: 'Begins too early',
    detail: 'Orders that are taken already keep their terms: a version begins more than a day after its approval.',
    errors: [
      {
        field: 'effectiveFrom',
        ...fault('too-early', 'must be more than a day ahead', 'harus lebih dari satu hari ke depan'),
      },
    ],
  });
}

function contentOf({ effectiveFrom, terms }: Pick<StoredTerms, 'effectiveFrom' | 'terms'>): string {
  return canonical({ effectiveFrom: effectiveFrom.toISOString(), terms });
}

function viewOf({ channelId: _, ...version }: StoredTerms): TermsView {
  return { ...version, status: decisionOf(version).status };
}
