import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who decides each step, by table; those of one decision are different persons. */
const STEPS: readonly (readonly [table: string, constraint: string, first: string, second: string, when?: string])[] = [
  ['adjustment', 'approved_by_another', 'created_by', 'approved_by'],
  ['agreement', 'approved_by_another', 'created_by', 'approved_by'],
  ['deposit', 'confirmed_by_another', 'created_by', 'confirmed_by'],
  ['maker_event', 'approved_by_another', 'created_by', 'approved_by'],
  ['payout', 'approved_by_another', 'created_by', 'decided_by', `status <> 'approved' OR`],
  ['payout', 'approved_by_neither', 'reviewed_by', 'decided_by', `status <> 'approved' OR`],
  ['period_decision', 'approved_by_another', 'requested_by', 'approved_by'],
];

/** Another person is one whose id, however it is written, is another. Of rows from before, the verification tells. */
export class TwoPersons1764000001610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION person_key(person text) RETURNS text IMMUTABLE STRICT LANGUAGE sql RETURN
        lower(regexp_replace(normalize(person, NFKC), '^\\s+|\\s+$', '', 'g'));
      COMMENT ON FUNCTION person_key IS 'The same for one person however the id is written; as approval.ts compares them.';
    `);
    for (const [table, constraint, first, second, when = ''] of STEPS) {
      await runner.query(`
        ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${constraint};
        ALTER TABLE ${table} ADD CONSTRAINT ${constraint}
          CHECK (${when} person_key(${first}) <> person_key(${second})) NOT VALID;
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, constraint, first, second, when = ''] of STEPS) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);
      if (table === 'deposit') continue;
      await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${constraint} CHECK (${when} ${first} <> ${second})`);
    }
    await runner.query('DROP FUNCTION person_key');
  }
}
