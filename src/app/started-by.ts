import type { Host } from '../host/host.ts';

/** Of a process that nobody logged in for, such as a timer's (audit in the kernel, AUDIT_UID_UNSET: -1 as 32 bits). */
const NOBODY = '4294967295';
/** A login name as useradd(8) takes it: nothing else of an environment is written into a record. */
const LOGIN = /^[a-z_][a-z0-9_.-]{0,31}$/i;

/**
 * Whoever became root by sudo, as sudo(8) says in `SUDO_USER`; else whoever logged in, as pam_loginuid(8) has the kernel keep it
 * through su and sudo.
 * @returns the login name; nothing where it is not known
 */
export async function startedBy(
  host: Host,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly by?: string }> {
  const by = env.SUDO_USER ?? (await loggedIn(host));
  return by !== undefined && LOGIN.test(by) ? { by } : {};
}

async function loggedIn(host: Host): Promise<string | undefined> {
  const uid = await host.read('/proc/self/loginuid').catch(() => undefined);
  if (uid === undefined || !/^\d+$/.test(uid) || uid === NOBODY) return undefined;
  const { code, stdout } = await host.query(['id', '--name', '--user', uid], { quiet: true });
  return code === 0 ? stdout.trim() : undefined;
}
