import type { Migrations } from '#libs/database';
// Not by its index: the bench makes this schema, and runs as Node runs it from the sources.
import { facilityMigrations, personalReadMigrations } from '../../../libs/access/migrations/index.ts';
import { CreateLedger1764000000300 } from './1764000000300-create-ledger.ts';
import { CreateSale1764000000400 } from './1764000000400-create-sale.ts';
import { CreatePayout1764000000410 } from './1764000000410-create-payout.ts';
import { ApproveAgreements1764000000610 } from './1764000000610-approve-agreements.ts';
import { CreateAdjustment1764000000620 } from './1764000000620-create-adjustment.ts';
import { ClosePeriods1764000000630 } from './1764000000630-close-periods.ts';
import { CreateAccumulators1764000000700 } from './1764000000700-create-accumulators.ts';
import { JournalsOfClose1764000000800 } from './1764000000800-journals-of-close.ts';
import { WithdrawAndReview1764000000810 } from './1764000000810-withdraw-and-review.ts';
import { RecordChanges1764000000820 } from './1764000000820-record-changes.ts';
import { SettlementsBySale1764000000830 } from './1764000000830-settlements-by-sale.ts';
import { CreateReconciliation1764000000840 } from './1764000000840-create-reconciliation.ts';
import { RecordByIndex1764000000850 } from './1764000000850-record-by-index.ts';
import { SealChanges1764000000860 } from './1764000000860-seal-changes.ts';
import { CreateContribution1764000000890 } from './1764000000890-create-contribution.ts';
import { AgreementOfLine1764000000910 } from './1764000000910-agreement-of-line.ts';
import { CreateMakerEvent1764000000920 } from './1764000000920-create-maker-event.ts';
import { MergeMakers1764000000930 } from './1764000000930-merge-makers.ts';
import { ContributionsByOwner1764000001300 } from './1764000001300-contributions-by-owner.ts';
import { ReserveOnAccounts1764000001600 } from './1764000001600-reserve-on-accounts.ts';
import { TwoPersons1764000001610 } from './1764000001610-two-persons.ts';
import { MergedMakersAreOne1764000001620 } from './1764000001620-merged-makers-are-one.ts';
import { SumsThatFit1764000001630 } from './1764000001630-sums-that-fit.ts';
import { ListSealKeys1764000001700 } from './1764000001700-list-seal-keys.ts';
import { NameKindsOfJournals1764000002000 } from './1764000002000-name-kinds-of-journals.ts';
import { RejectAndWithdraw1764000002010 } from './1764000002010-reject-and-withdraw.ts';
import { ExternalRecords1764000002020 } from './1764000002020-external-records.ts';
import { PlanSmallPostingsOnce1764000002100 } from './1764000002100-plan-small-postings-once.ts';
import { KeepClosingBalances1764000002200 } from './1764000002200-keep-closing-balances.ts';
import { OrderOfRecording1764000002210 } from './1764000002210-order-of-recording.ts';
import { ReadByIndex1764000002220 } from './1764000002220-read-by-index.ts';
import { CreateVerification1764000002230 } from './1764000002230-create-verification.ts';
import { CreateFeedPosition1764000002300 } from './1764000002300-create-feed-position.ts';
import { SecureRows1764000002500 } from './1764000002500-secure-rows.ts';
import { BooksAndSeats1764000002520 } from './1764000002520-books-and-seats.ts';
import { TellCustodyEnds1764000002815 } from './1764000002815-tell-custody-ends.ts';
import { ReadRegions1764000002830 } from './1764000002830-read-regions.ts';
import { CreateSalesTotal1764000002831 } from './1764000002831-create-sales-total.ts';
import { FindOpenDecisions1764000002870 } from './1764000002870-find-open-decisions.ts';
import { CreateSimulation1764000002873 } from './1764000002873-create-simulation.ts';
import { NoteExceptions1764000002874 } from './1764000002874-note-exceptions.ts';
import { FindClosingsAtOnce1764000002890 } from './1764000002890-find-closings-at-once.ts';
import { CreateHold1764000002912 } from './1764000002912-create-hold.ts';
import { SettleInParts1764000002920 } from './1764000002920-settle-in-parts.ts';
import { TotalsGoWithFeed1764000002960 } from './1764000002960-totals-go-with-feed.ts';
import { AssignHeldMoney1764000002971 } from './1764000002971-assign-held-money.ts';
import { ResolveRefusedEvents1764000002972 } from './1764000002972-resolve-refused-events.ts';
import { KeepBreaks1764000002990 } from './1764000002990-keep-breaks.ts';
import { CreateSaleDispute1764000002992 } from './1764000002992-create-sale-dispute.ts';
import { RecordResolutions1764000002993 } from './1764000002993-record-resolutions.ts';
import { PostCharges1764000002997 } from './1764000002997-post-charges.ts';

/** The ledger's schema, in the order of its growth. */
export const ledgerMigrations: Migrations = [
  CreateLedger1764000000300,
  CreateSale1764000000400,
  CreatePayout1764000000410,
  ApproveAgreements1764000000610,
  CreateAdjustment1764000000620,
  ClosePeriods1764000000630,
  CreateAccumulators1764000000700,
  JournalsOfClose1764000000800,
  WithdrawAndReview1764000000810,
  RecordChanges1764000000820,
  SettlementsBySale1764000000830,
  CreateReconciliation1764000000840,
  RecordByIndex1764000000850,
  SealChanges1764000000860,
  CreateContribution1764000000890,
  AgreementOfLine1764000000910,
  CreateMakerEvent1764000000920,
  MergeMakers1764000000930,
  ContributionsByOwner1764000001300,
  ReserveOnAccounts1764000001600,
  TwoPersons1764000001610,
  MergedMakersAreOne1764000001620,
  SumsThatFit1764000001630,
  ListSealKeys1764000001700,
  NameKindsOfJournals1764000002000,
  RejectAndWithdraw1764000002010,
  ExternalRecords1764000002020,
  PlanSmallPostingsOnce1764000002100,
  KeepClosingBalances1764000002200,
  OrderOfRecording1764000002210,
  ReadByIndex1764000002220,
  CreateVerification1764000002230,
  CreateFeedPosition1764000002300,
  SecureRows1764000002500,
  BooksAndSeats1764000002520,
  FindOpenDecisions1764000002870,
  CreateSimulation1764000002873,
  NoteExceptions1764000002874,
  ...facilityMigrations,
  ...personalReadMigrations,
  TellCustodyEnds1764000002815,
  ReadRegions1764000002830,
  CreateSalesTotal1764000002831,
  FindClosingsAtOnce1764000002890,
  CreateHold1764000002912,
  TotalsGoWithFeed1764000002960,
  SettleInParts1764000002920,
  AssignHeldMoney1764000002971,
  ResolveRefusedEvents1764000002972,
  KeepBreaks1764000002990,
  CreateSaleDispute1764000002992,
  RecordResolutions1764000002993,
  PostCharges1764000002997,
];
