import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PersonalReadRepository, row } from '#libs/access';
import { fault } from '#libs/contracts';
import { Problem } from '#libs/http';
import { Allow } from '../policy.ts';
import { AnswersNames, NamesDto, PersonList, type PersonView, SearchDto } from './person.dto.ts';
import { PersonRepository } from './person.repository.ts';
import { type NameReader, ReadsNames } from './reader.decorator.ts';

@ApiTags('makers')
@Controller('v1/makers')
export class PersonsController {
  constructor(
    private readonly persons: PersonRepository,
    private readonly reads: PersonalReadRepository,
  ) {}

  /** Who makers are, by their pseudonyms. Children are named to the officers of their facility only. */
  @Allow('person.read', row)
  @Post('names')
  @HttpCode(200)
  @AnswersNames()
  async names(@ReadsNames() reader: NameReader, @Body() { makerIds }: NamesDto): Promise<PersonList> {
    return this.#told(reader, await this.persons.open(reader, { makerIds }));
  }

  /** Which maker somebody is: by registration number, or by name among the makers of a facility. */
  @Allow('person.read', row)
  @Post('search')
  @HttpCode(200)
  @AnswersNames()
  async search(@ReadsNames() reader: NameReader, @Body() sought: SearchDto): Promise<PersonList> {
    const { registrationNo, name, facilityId } = sought;
    if (registrationNo === undefined && (name === undefined || facilityId === undefined)) {
      const wrong = fault('required', 'is required, or name and facilityId', 'wajib diisi, atau name dan facilityId');
      throw new Problem({ status: 400, title: 'Invalid request', errors: [{ field: 'registrationNo', ...wrong }] });
    }
    const persons = await this.persons.open(reader, {
      ...(registrationNo !== undefined && { registrationNo }),
      ...(facilityId !== undefined && { facilityId }),
    });
    return this.#told(reader, name === undefined ? persons : persons.filter((person) => isCalled(person, name)));
  }

  /** The read is committed before anybody is named. */
  async #told({ person, client, route, purpose }: NameReader, items: PersonView[]): Promise<PersonList> {
    const makerIds = items.map(({ makerId }) => makerId);
    await this.reads.append({ person, client, route, purpose, makerIds });
    return { items };
  }
}

function isCalled(person: PersonView, sought: string): boolean {
  return [person.name, person.displayName].some((name) => folded(name).includes(folded(sought)));
}

const folded = (text: string) => text.normalize('NFKC').toLocaleLowerCase('id');
