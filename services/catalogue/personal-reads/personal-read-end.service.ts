import { Injectable } from '@nestjs/common';
import { log } from '#libs/observability';
import { RepeatedWork } from '#libs/service';
import { PersonalReadRepository } from './personal-read.repository.ts';

const DAY_MS = 86_400_000;

/** Writes into the log where the chain of reads ends: outside of the database, whoever cuts it off is found out. */
@Injectable()
export class PersonalReadEnd extends RepeatedWork {
  constructor(private readonly reads: PersonalReadRepository) {
    super(DAY_MS, 'end of personal reads not told');
  }

  protected override async work(): Promise<boolean> {
    const { number, hash } = await this.reads.end();
    if (number > 0) log.info({ number, hash: hash.toString('hex') }, 'personal reads end here');
    return false;
  }
}
