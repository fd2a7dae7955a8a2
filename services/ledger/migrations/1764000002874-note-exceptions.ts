import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What does not come right by itself is found by index, and somebody looks after it. */
export class NoteExceptions1764000002874 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE exception_note (
        note_id   uuid PRIMARY KEY,
        kind      text NOT NULL CHECK (kind IN ('break', 'suspense', 'receivable', 'unsettled', 'late-deposit', 'refused')),
        reference text NOT NULL,
        owner     text NOT NULL,
        note      text NOT NULL,
        noted_by  text NOT NULL,
        noted_at  timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX exception_note_last ON exception_note (kind, reference, note_id);
      COMMENT ON TABLE exception_note IS 'Who looks after an exception, and what is known of it: the last note counts.';
      COMMENT ON COLUMN exception_note.owner IS 'Person id, as is noted_by.';

      CREATE INDEX account_receivable ON account (code) WHERE purpose = 'receivable';
      CREATE INDEX account_pnbp ON account (code) WHERE purpose = 'pnbp';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE exception_note; DROP INDEX account_receivable, account_pnbp');
  }
}
