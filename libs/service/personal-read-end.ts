import { Injectable } from '@nestjs/common';
import { PersonalReadRepository } from '#libs/access';
import { log } from '#libs/observability';
import { RepeatedWork } from './repeated-work.ts';

const DAY_MS = 86_400_000;

/** Looks whether the chain of reads is whole, and writes into the log where it ends: whoever cuts it off is found out. */
@Injectable()
export class PersonalReadEnd extends RepeatedWork {
  constructor(private readonly reads: PersonalReadRepository) {
    super(DAY_MS, 'end of personal reads not told');
  }

  protected override async work(): Promise<boolean> {
    const { number, hash } = await this.reads.end();
    for (const fault of await this.reads.faults()) log.error({ fault }, 'personal reads are not whole');
    if (number > 0) log.info({ number, hash: hash.toString('hex') }, 'personal reads end here');
    return false;
  }
}
