const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export function isThisComputer(host: string): boolean {
  return LOOPBACK.includes(host);
}

/** Environment: ALLOW_PLAINTEXT (on), for a network that nobody else is on. */
export function isPlaintextAllowed({ ALLOW_PLAINTEXT }: NodeJS.ProcessEnv): boolean {
  return ALLOW_PLAINTEXT === 'on';
}

/**
 * Of the way to another process.
 * @param variable that names it
 * @param remedy what makes it a way that nobody else reads
 * @throws Error if others could read along, or be taken for whom we mean
 */
export function requireEncrypted(
  { host, isEncrypted, variable, remedy }: { host: string; isEncrypted: boolean; variable: string; remedy: string },
  environment: NodeJS.ProcessEnv,
): void {
  if (isEncrypted || isThisComputer(host) || isPlaintextAllowed(environment)) return;
  throw new Error(
    `${variable}: ${host} would be spoken to in plain text, or unproved: ${remedy}, or ALLOW_PLAINTEXT=on`,
  );
}
