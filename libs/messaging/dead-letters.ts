import type { Transaction } from "#libs/database";
import { newId } from "./event.ts";
import type { ReceivedMessage } from "./message.ts";

/** Why a message is not processed: its own fault, or it stands behind one of the same key. */
export interface DeadLetter {
	readonly message: ReceivedMessage;
	readonly status: "poison" | "parked";
	readonly cause: string;
}

/** Of these keys, those with a dead letter that nobody has resolved: their later messages must wait behind it. */
export async function blockedKeys(
	transaction: Transaction,
	consumer: string,
	topic: string,
	keys: readonly string[],
): Promise<Set<string>> {
	const rows = await transaction.query<{ key: string }>(
		`SELECT DISTINCT key FROM dead_letter
     WHERE resolved_at IS NULL AND consumer = $1 AND topic = $2 AND key = ANY($3::text[])`,
		[consumer, topic, keys],
	);
	return new Set(rows.map(({ key }) => key));
}

/** Keeps dead letters with all that redriving needs; returns those that were not kept before. */
export async function bury(
	transaction: Transaction,
	consumer: string,
	letters: readonly DeadLetter[],
): Promise<DeadLetter[]> {
	if (letters.length === 0) return [];
	const buried = await transaction.query<{
		partition: number;
		message_offset: number;
	}>(
		`INSERT INTO dead_letter
       (dead_letter_id, consumer, topic, partition, message_offset, key, headers, value, status, cause)
     SELECT id, $1, topic, partition, message_offset, key, headers::jsonb, value, status, cause
     FROM unnest($2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       AS letter (id, topic, partition, message_offset, key, headers, value, status, cause)
     ON CONFLICT (consumer, topic, partition, message_offset) DO NOTHING
     RETURNING partition, message_offset`,
		[
			consumer,
			letters.map(() => newId()),
			letters.map(({ message }) => message.topic),
			letters.map(({ message }) => message.partition),
			letters.map(({ message }) => message.offset),
			letters.map(({ message }) => message.key),
			letters.map(({ message }) => JSON.stringify(message.headers)),
			letters.map(({ message }) => message.value),
			letters.map(({ status }) => status),
			letters.map(({ cause }) => cause),
		],
	);
	const places = new Set(
		buried.map(
			({ partition, message_offset }) => `${partition}/${message_offset}`,
		),
	);
	return letters.filter(({ message }) =>
		places.has(`${message.partition}/${message.offset}`),
	);
}
