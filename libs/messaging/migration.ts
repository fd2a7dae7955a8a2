import type { MigrationInterface, QueryRunner } from 'typeorm';

import { LettersAsBytes1764000001000 } from './migrations/1764000001000-letters-as-bytes.ts';

import { CreateUndeliverable1764000001100 } from './migrations/1764000001100-create-undeliverable.ts';
import { TwoPersonsDiscard1764000002620 } from './migrations/1764000002620-two-persons-discard.ts';
import { TwoPersonsGiveUp1764000002800 } from './migrations/1764000002800-two-persons-give-up.ts';
import { GivenUpByAnother1764000002813 } from './migrations/1764000002813-given-up-by-another.ts';
import { RememberPositions1764000002940 } from './migrations/1764000002940-remember-positions.ts';
import { RememberHeardTypes1764000002996 } from './migrations/1764000002996-remember-heard-types.ts';

/** The tables that carry a service's events across a crash. */
export class CreateMessaging1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        key text,
        headers text NOT NULL,
        value text NOT NULL,
        written_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

      CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        processed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, event_id)
      );
      CREATE INDEX inbox_processed_at ON inbox USING brin (processed_at);

      CREATE TABLE dead_letter (
        dead_letter_id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        message_offset bigint NOT NULL,
        key text,
        headers jsonb NOT NULL,
        value text NOT NULL,
        status text NOT NULL CHECK (status IN ('poison', 'parked')),
        cause text NOT NULL,
        attempts int NOT NULL DEFAULT 1,
        buried_at timestamptz NOT NULL DEFAULT now(),
        resolved_at timestamptz,
        resolution text CHECK (resolution IN ('redriven', 'discarded')),
        resolved_by text,
        reason text,
        UNIQUE (consumer, topic, partition, message_offset),
        CHECK (num_nulls(resolved_at, resolution, resolved_by, reason) IN (0, 4))
      );
      CREATE INDEX dead_letter_unresolved ON dead_letter (consumer, topic, key) WHERE resolved_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox, inbox, dead_letter');
  }
}

export const messagingMigrations = [
  CreateMessaging1764000000000,
  LettersAsBytes1764000001000,
  CreateUndeliverable1764000001100,
  TwoPersonsDiscard1764000002620,
  TwoPersonsGiveUp1764000002800,
  GivenUpByAnother1764000002813,
  RememberPositions1764000002940,
  RememberHeardTypes1764000002996,
];
