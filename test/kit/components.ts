import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEADLINE_MS = 60_000;

interface Audit {
  /** By name; absent when the registry did not answer. */
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

/**
 * What is known against the components that run in production, in a line. It is told and fails nothing: an advisory that is
 * published tomorrow is no fault of today's change. `npm run audit` fails by it.
 * @param registry default: as npm is configured
 */
export function knownVulnerabilities(registry?: string): Promise<string> {
  const to = registry === undefined ? [] : [`--registry=${registry}`];
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--omit=dev', '--json', ...to], { cwd: ROOT, timeout: DEADLINE_MS }, (_, output) => {
      resolve(told(output));
    });
  });
}

function told(output: string): string {
  const { vulnerabilities } = auditIn(output);
  if (!vulnerabilities) return 'Not checked: what is known against our components. The registry does not answer that.';
  const severe = Object.entries(vulnerabilities).filter(([, { severity }]) => ['high', 'critical'].includes(severity));
  if (severe.length === 0) return 'Nothing high or critical is known against our components.';
  return `High or critical is known against ${severe.map(([name]) => name).join(', ')}: npm run audit says what.`;
}

function auditIn(output: string): Audit {
  try {
    return JSON.parse(output);
  } catch {
    return {};
  }
}
