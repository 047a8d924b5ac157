import { isLater, type Operation } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';
import { type DatabaseAddress, logIn, setOwnPassword } from '../host/postgres.ts';
import { notLoaded, reloadedSite, settle } from '../operations/reload.ts';
import { settings } from '../operations/settings.ts';
import { ProblemError } from '../output/problem.ts';
import type { Secret } from '../output/secret.ts';
import { SETTINGS } from '../site/layout.ts';
import { whilePaused } from '../site/pause.ts';
import { scramVerifier } from '../site/scram.ts';
import { SERVICES } from '../site/services.ts';

/** Where the site's database is; the password is apart. */
export type Address = Omit<DatabaseAddress, 'password'>;

const { unit: UNIT } = SERVICES.studio;

/**
 * One password in three places, the server's role, settings.py and the running site, changed together: PostgreSQL knows
 * one password of a role, so between the first and the last a new login would fail. Meanwhile requests wait.
 */
export function newPassword(wanted: {
  readonly id: string;
  readonly address: Address;
  readonly wanted: Secret;
  readonly other: Secret;
  readonly hostName: string;
}): Operation {
  const { address } = wanted;
  const inSettings = settings({
    id: wanted.id,
    title: 'password of the database',
    shell: [`editor ${SETTINGS}  # DATABASES['default']['PASSWORD']`],
    edit: async (file) => file.set(['DATABASES', 'default', 'PASSWORD'], wanted.wanted.reveal()),
  });
  const loaded = reloadedSite({ id: wanted.id, hostName: wanted.hostName });
  return {
    id: wanted.id,
    title: `role ${address.user}, settings.py and ${UNIT} together`,
    async observe(host) {
      const login = await logIn({ ...address, password: wanted.wanted.reveal() });
      const change = await inSettings.observe(host);
      if (isLater(change)) return change;
      if (login.ok && change === undefined) return loaded.observe(host);
      const reasons = [...(login.ok ? [] : ['role']), ...(change === undefined ? [] : ['settings.py']), UNIT];
      return {
        kind: 'update',
        summary: `the password of ${address.user}: ${reasons.join(', ')}`,
        ...(change?.diff === undefined ? {} : { diff: change.diff }),
        shell: [
          `systemctl kill --kill-who=main --signal=SIGTSTP ${UNIT}  # requests wait`,
          `psql --host ${address.host || '/var/run/postgresql'} --username ${address.user} ${address.database}  # \\password`,
          ...(change?.shell ?? []),
          `systemctl kill --kill-who=main --signal=SIGHUP ${UNIT}`,
        ],
        touches: [SETTINGS],
        restarts: [UNIT],
        async apply(live) {
          await live.note({ kind: 'reload', unit: UNIT });
          const paused = await whilePaused(live, UNIT, wanted.hostName, async () => {
            if (!login.ok) await give(live, address, wanted.other, wanted.wanted);
            try {
              await change?.apply(live);
            } catch (error) {
              // The site is about to take requests again, with the settings as they were.
              if (!login.ok) await give(live, address, wanted.wanted, wanted.other);
              throw error;
            }
          });
          live.forget();
          if (paused) {
            await settle(live, notLoaded(wanted.hostName));
            live.restarted(UNIT);
            return;
          }
          const restart = await loaded.observe(live);
          if (restart !== undefined && !isLater(restart)) await restart.apply(live);
        },
      };
    },
  };
}

/** @throws ProblemError when the server does not do it */
async function give(live: LiveHost, address: Address, by: Secret, next: Secret): Promise<void> {
  live.say(`ALTER ROLE ${address.user} PASSWORD … (as the role itself)`);
  const done = await setOwnPassword({ ...address, password: by.reveal() }, scramVerifier(next.reveal()));
  if (done.ok) return;
  throw new ProblemError({
    what: `The password of ${address.user} could not be changed: ${done.message}`,
    remedy: 'Fix the error that the server gave. The site keeps using the old password.',
  });
}
