import { readFileSync } from 'node:fs';

/**
 * The value of a variable, or of the file that `{variable}_FILE` names, where the environment is not to hold it: a secret,
 * as a vault or Docker hands it over. Undefined: neither is set.
 */
export function setting(variable: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = environment[`${variable}_FILE`];
  return environment[variable] || (file ? readFileSync(file, 'utf8').trim() : undefined);
}
