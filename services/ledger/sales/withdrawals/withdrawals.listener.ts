import { Controller } from '@nestjs/common';
import { type Event, type WalletWithdrawn, walletWithdrawn } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { WithdrawalsService } from './withdrawals.service.ts';

/** What payments tells of wallets. */
@Controller()
export class WithdrawalsListener {
  constructor(private readonly withdrawals: WithdrawalsService) {}

  @EventHandler(walletWithdrawn)
  onWithdrawn(events: Event<WalletWithdrawn>[], transaction: Transaction): Promise<void> {
    return this.withdrawals.withdraw(transaction, events);
  }
}
