import type { Operation } from '../engine/operation.ts';
import { wallClock } from '../host/clock.ts';
import { quote, shellOf } from '../host/shell.ts';
import { command } from '../operations/command.ts';
import { file } from '../operations/file.ts';
import { HARDENED, readAgain, rootsProgram, stoppedUnit, withoutFile } from '../operations/own-units.ts';
import { runningUnit } from '../operations/unit.ts';
import { newerThan } from '../operations/unit-condition.ts';
import { ProblemError } from '../output/problem.ts';
import { UNITS, WATCH_TIMER } from '../site/layout.ts';
import { journalOf, unitState } from '../site/units.ts';
import { CHANNELS_FILE, type Channels, channelsText } from './channels.ts';
import { lacksMailServer } from './mail-server.ts';

const NAME = 'studio-setup-watch';
export const WATCH_SERVICE = `${NAME}.service`;
const SERVICE_FILE = `${UNITS}/${WATCH_SERVICE}`;
const TIMER_FILE = `${UNITS}/${WATCH_TIMER}`;

/** Run at each login by pam_motd (update-motd(5)). */
const LOGIN_FILE = '/etc/update-motd.d/95-studio-setup';

/** Milliseconds that a round may take, the second look at what failed among it. */
const ROUND_TIMEOUT_MS = 6 * 60_000;

/**
 * What the checks need stays allowed: to become www-data and nobody, to read all, to have nginx open its logs. No folder is mounted
 * read-only or hidden (`ProtectSystem=`, `ProtectHome=`, `PrivateTmp=`): the check that tries what www-data could write of root's
 * files would be told that it can write nothing (access(2), EROFS), and pass whatever their rights are. See systemd.exec(5).
 */
function serviceText(program: readonly string[]): string {
  return `# Written by studio-setup watch enable; studio-setup watch disable takes it away.
[Unit]
Description=Checks of Blender Studio
Documentation=man:studio-setup(8)
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=${[...program, 'watch', 'run', '--plain'].join(' ')}
TimeoutStartSec=5min
Nice=10
IOSchedulingClass=idle
UMask=0077
${HARDENED}RestrictSUIDSGID=yes
`;
}

const TIMER_TEXT = `# Written by studio-setup watch enable; studio-setup watch disable takes it away.
[Unit]
Description=Checks of Blender Studio, four times an hour

[Timer]
OnCalendar=*:0/15
RandomizedDelaySec=60

[Install]
WantedBy=timers.target
`;

/** @param note absolute path of what a login shows, while there is something */
function loginText(note: string): string {
  return `#!/bin/sh
# Written by studio-setup watch enable; studio-setup watch disable takes it away.
test ! -s ${quote(note)} || cat ${quote(note)}
`;
}

/** What the watch is set up with. */
export interface WatchUnits {
  /** What the timer starts: absolute paths. */
  readonly program: readonly string[];
  readonly channels: Channels;
  /** Absolute path of what a login shows. */
  readonly note: string;
}

/** @returns the watch as wanted state: the ways of telling, the units, the timer, and a first round as its proof */
export function watchOperations({ program, channels, note }: WatchUnits): readonly Operation[] {
  const written = (path: string) => [`editor ${path}`];
  return [
    rootsProgram('watch/program', program),
    mailServerThere(channels),
    file({
      id: 'watch/ways',
      path: CHANNELS_FILE,
      title: 'ways of telling',
      mode: 0o600,
      secret: true,
      shell: [`install -m 600 /dev/null ${CHANNELS_FILE}`, ...written(CHANNELS_FILE)],
      content: async () => channelsText(channels),
    }),
    file({
      id: 'watch/service',
      path: SERVICE_FILE,
      shell: written(SERVICE_FILE),
      content: async () => serviceText(program),
    }),
    file({
      id: 'watch/timer',
      path: TIMER_FILE,
      shell: written(TIMER_FILE),
      content: async () => TIMER_TEXT,
    }),
    file({
      id: 'watch/login',
      path: LOGIN_FILE,
      mode: 0o755,
      shell: written(LOGIN_FILE),
      content: async () => loginText(note),
    }),
    readAgain('watch/read-service', WATCH_SERVICE),
    runningUnit({ id: 'watch/running', unit: WATCH_TIMER, wantedBy: 'timers.target' }),
    firstRound(),
  ];
}

/** Nobody is told by a mail server that is not there: better said before the watch is on than when something fails. */
function mailServerThere({ email }: Channels): Operation {
  return {
    id: 'watch/mail-server',
    title: 'a mail server for the e-mail',
    async observe(host) {
      const why = email === undefined || email.smtp ? undefined : await lacksMailServer(host);
      if (why === undefined) return undefined;
      throw new ProblemError({
        what: `The watch can't send e-mail: ${why}. Nothing was changed.`,
        remedy:
          'Install a mail server (apt install postfix, or msmtp-mta to pass the e-mail on to another), or give an account at a mail server (Mail server, watch.smtp.host). Then set up the watch again.',
      });
    },
  };
}

/** Shows that the service can check and tell: under its own rights, not those of a terminal. */
function firstRound(): Operation {
  const start = ['systemctl', 'start', WATCH_SERVICE];
  return command({
    id: 'watch/first-round',
    title: 'a first round',
    shell: [shellOf(start)],
    irreversible: 'messages that were sent stay sent',
    async missing(host) {
      if ([SERVICE_FILE, CHANNELS_FILE].some((path) => host.willChange(path)))
        return { later: 'after its units' };
      const { lastStart, result } = await unitState(host, WATCH_SERVICE);
      if (lastStart === 0) return 'none was made yet';
      if (result !== 'success') return 'the last one failed';
      const [newer] = await newerThan(host, [SERVICE_FILE, CHANNELS_FILE], wallClock(lastStart));
      return newer === undefined ? undefined : `${newer} is newer than the last one`;
    },
    async apply(live) {
      const { code } = await live.run(start, { accept: [0, 1], timeoutMs: ROUND_TIMEOUT_MS });
      if (code === 0) return;
      throw new ProblemError({
        what: 'The first round of the watch failed: it could not check, or could not tell.',
        remedy: 'Its journal above says why. Once that is fixed: studio-setup watch enable',
        command: shellOf(start),
        exitCode: code,
        detail: await journalOf(live, WATCH_SERVICE, 20),
      });
    },
  });
}

/** @returns what takes the watch away again, its ways of telling among it */
export function unwatchOperations(): readonly Operation[] {
  return [
    stoppedUnit('watch/stopped', WATCH_TIMER),
    ...[TIMER_FILE, SERVICE_FILE, LOGIN_FILE, CHANNELS_FILE].map((path) =>
      withoutFile(`watch/gone${path}`, path, path === CHANNELS_FILE),
    ),
  ];
}
