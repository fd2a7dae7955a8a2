/**
 * Errors that pass by themselves: the database is down, restarting, out of a resource, or asks to try again.
 * SQLSTATE classes from PostgreSQL's appendix A; codes without one come from the socket.
 */
const TRANSIENT_CLASSES = ['08', '53', '57', '58'];
const TRANSIENT_CODES = ['40001', '40P01', '55P03', '25006', '25P03'];
const SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN'];
const DRIVER_MESSAGES = /Connection terminated|timeout exceeded when trying to connect|not queryable/i;

export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') {
    if (SOCKET_CODES.includes(code) || TRANSIENT_CODES.includes(code)) return true;
    if (code.length === 5 && TRANSIENT_CLASSES.includes(code.slice(0, 2))) return true;
  }
  if (DRIVER_MESSAGES.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  return error.cause !== undefined && isTransient(error.cause);
}
