import { Module } from '@nestjs/common';
import { sealKey } from './seals/seal-key.ts';
import { SEAL_KEY, SealingService, WITNESS } from './seals/sealing.service.ts';
import { MakerStatementController } from './statements/maker-statement.controller.ts';
import { MakerStatementService } from './statements/maker-statement.service.ts';
import { AuditController } from './verification/audit.controller.ts';
import { VerificationsController } from './verification/verifications.controller.ts';
import { VerificationsService } from './verification/verifications.service.ts';

/** That the books are sound, and that nobody has changed them since. */
@Module({
  controllers: [
    AuditController, // GET /v1/audit: seals of the days, their keys
    VerificationsController, // /v1/verifications: whether the books are sound
    MakerStatementController, // GET /v1/makers/ID/statement, with proofs, as JSON and PDF
  ],
  providers: [
    SealingService,
    VerificationsService,
    MakerStatementService,
    { provide: SEAL_KEY, useFactory: () => sealKey(process.env.LEDGER_SEAL_KEY) },
    { provide: WITNESS, useFactory: () => process.env.LEDGER_WITNESS },
  ],
})
export class ProofModule {}
