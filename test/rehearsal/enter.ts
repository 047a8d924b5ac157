export interface EnterOptions {
  /** Added to the environment that the host's programs get. */
  readonly env?: Readonly<Record<string, string>>;
  /** When not given: `/root`, and `/` for another user. */
  readonly cwd?: string;
  /** A user of the host; root when not given. `HOME` stays root's unless `env` says otherwise. */
  readonly user?: string;
}

/** What a login by root gives, and the list of authorities that knows the rehearsal's own (`recipe.ts`). */
const login = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  REQUESTS_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
};

/** The whole environment of a program on the host: nothing of the machine's shows through. */
export function environment(options: EnterOptions): Record<string, string> {
  return { ...login, ...options.env };
}

/**
 * The command of the machine that runs a program on the host.
 * @param leader the machine's number for the host's first process
 */
export function enter(leader: number, argv: readonly string[], options: EnterOptions): string[] {
  const { user, cwd = user ? '/' : '/root' } = options;
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];
  // A program dies with the process that waits for it out here: else a killed test would leave it running.
  const bound = ['setpriv', '--pdeathsig=KILL'];
  const identity = user ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : [];
  const inside = ['env', `--chdir=${cwd}`, ...bound, ...identity, '--', ...argv];
  return ['nsenter', `--target=${leader}`, ...namespaces, '--', ...inside];
}
