/**
 * What a program that the product starts finds in its environment: little and known, so that an operator's
 * shell (PYTHONPATH, VIRTUAL_ENV, GIT_DIR, LC_*) can't change what a step does. Proxies and a private CA are
 * the host's way out, so they pass.
 */
const PASSED = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'TZ',
];

/**
 * In the environment of every child, with its run's folder: by it a later start finds what a killed one left running, also
 * what left its session (apt's dpkg). It counts for root's processes only: any account can give its own such a mark.
 */
export const RUN_MARKER = 'STUDIO_SETUP_RUN';

/**
 * @param home the account's home folder
 * @param user the account's name
 * @param extra added last
 * @returns the whole environment of a child process
 */
export function childEnvironment(
  home: string,
  user: string,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: home,
    USER: user,
    LOGNAME: user,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
    // needrestart would ask, or restart services of its own accord, in the middle of a run.
    NEEDRESTART_MODE: 'l',
    GIT_TERMINAL_PROMPT: '0',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    // Without a terminal, pip prints the bar once, at the end.
    PIP_PROGRESS_BAR: 'off',
    PYTHONUNBUFFERED: '1',
    SYSTEMD_PAGER: '',
  };
  for (const name of PASSED) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...extra };
}
