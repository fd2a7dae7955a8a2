/** Runs before each integration test file: tells it which Kafka and PostgreSQL are those of its worker. */
const all: NodeJS.ProcessEnv[] = JSON.parse(process.env.TEST_INFRASTRUCTURES ?? '[]');
Object.assign(process.env, all[Number(process.env.JEST_WORKER_ID) - 1]);
