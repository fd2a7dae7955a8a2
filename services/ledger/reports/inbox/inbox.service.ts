import { Injectable, type Type } from '@nestjs/common';
import { type Principal, Reach } from '#libs/access';
import { actionsOf, type From, type Judged, stepsOf } from '#libs/decisions';
import { objection } from '../../closing/periods/checklist.ts';
import { PeriodsController } from '../../closing/periods/periods.controller.ts';
import { AdjustmentsController } from '../../decisions/adjustments/adjustments.controller.ts';
import { DepositsController } from '../../decisions/deposits/deposits.controller.ts';
import { MakerEventsController } from '../../decisions/maker-events/maker-events.controller.ts';
import { PAYOUT_FROM } from '../../decisions/payouts/payout.ts';
import { PayoutsController } from '../../decisions/payouts/payouts.controller.ts';
import { RefusedEventsController } from '../../sales/sales/refused-events.controller.ts';
import { AgreementsController } from '../../sharing/agreements/agreements.controller.ts';
import { AgreementsService } from '../../sharing/agreements/agreements.service.ts';
import { obstacleOf } from '../../sharing/agreements/version-lint.ts';
import { type InboxItemView, type InboxQuery, type Kind, kinds } from './inbox.dto.ts';
import { InboxRepository, type InboxRow } from './inbox.repository.ts';

/** Whose routes decide about each kind, and from where. */
const DECIDING: Readonly<Record<Kind, { readonly controller: Type; readonly from: From }>> = {
  payout: { controller: PayoutsController, from: PAYOUT_FROM },
  deposit: { controller: DepositsController, from: {} },
  adjustment: { controller: AdjustmentsController, from: {} },
  'maker-event': { controller: MakerEventsController, from: {} },
  agreement: { controller: AgreementsController, from: {} },
  period: { controller: PeriodsController, from: {} },
  'refused-event': { controller: RefusedEventsController, from: {} },
};

/** What people decide, of all kinds, with what whoever asks may do about it. */
@Injectable()
export class InboxService {
  constructor(
    private readonly decisions: InboxRepository,
    private readonly agreements: AgreementsService,
    private readonly reach: Reach,
  ) {}

  /** One more than `limit`, if there are so many. */
  async page(
    query: InboxQuery,
    after: string | undefined,
    principal: Principal,
  ): Promise<{ items: (InboxItemView & { position: string })[]; open: number; mine: number }> {
    const steps = Object.fromEntries(
      await Promise.all(
        kinds.map(async (kind) => [kind, await stepsOf(DECIDING[kind].controller, this.reach, principal)] as const),
      ),
    ) as Record<Kind, Awaited<ReturnType<typeof stepsOf>>>;
    const granted = kinds.flatMap((kind) =>
      steps[kind].map(({ step, allowed }) => ({ kind, step, facilities: allowed.facilities })),
    );
    const waiting = { ...query, mine: { person: principal.person, granted } };
    const filter = query.mine ? waiting : { ...query, mine: null };
    const rows = await this.decisions.list(filter, after, query.limit + 1);
    const mine = await this.decisions.open(waiting);
    const open = query.mine ? mine : await this.decisions.open(filter);
    const judged = await this.#judged(rows);
    const items = rows.map(({ approvable: _, ...row }, index) => ({
      ...row,
      actions: actionsOf(steps[row.kind], judged[index] as Judged, DECIDING[row.kind].from, principal),
    }));
    return { items, open, mine };
  }

  async #judged(rows: readonly InboxRow[]): Promise<Judged[]> {
    const drafts = rows.filter(({ kind, status }) => kind === 'agreement' && status === 'draft');
    const unsound = new Map(
      (await this.agreements.findAll(drafts.map(({ id, version }) => ({ id, version: version ?? 0 })))).map((view) => [
        `${view.id} ${view.version}`,
        obstacleOf(view),
      ]),
    );
    return rows.map(({ kind, id, version, facilityId, status, drafted, reviewed, decided, approvable }) => ({
      decision: {
        status: status as Judged['decision']['status'],
        draftedBy: drafted.by,
        reviewedBy: reviewed?.by ?? null,
        decidedBy: decided?.by ?? null,
      },
      facilityId: kind === 'agreement' ? null : facilityId, // whoever decides about one is national
      obstacle: approvable ? objection(approvable, new Date()) : unsound.get(`${id} ${version}`),
    }));
  }
}
