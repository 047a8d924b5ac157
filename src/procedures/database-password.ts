import type { Operation } from '../engine/operation.ts';
import { logIn } from '../host/postgres.ts';
import { runningService } from '../operations/unit.ts';
import { ProblemError } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';
import { DEFAULT_PORT } from '../site/database.ts';
import { djangoState } from '../site/django.ts';
import { SETTINGS } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';
import { type DatabaseInForce, databaseInForce } from '../site/settings.ts';
import { randomText } from '../text/random.ts';
import { type Address, newPassword } from './new-password.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from './procedure.ts';
import { proof } from './proof.ts';
import { keptOf, noticeOfFile, pairOf, plainlyAssigned } from './secrets.ts';
import { siteAnswers, siteName } from './site.ts';
import { removeTransactionRecord, writeTransactionRecord } from './transaction-record.ts';

const ANSWER = 'database.password';

/** @returns the rotation of the password of the role that the site logs in to PostgreSQL as, on this server or on another server. */
export async function databasePassword(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const { password, withoutPassword, ...place } = await databaseInForce(host);
  if (withoutPassword) throw nothingToRotate(place.user ?? '');
  await plainlyAssigned(host, ['DATABASES', 'default', 'PASSWORD']);
  const pair = await pairOf(circumstances, {
    transactionRecord,
    answer: ANSWER,
    what: 'password of the database in settings.py',
    length: 32,
    current: password === undefined ? undefined : new Secret(password),
  });
  const address = addressOf(place);
  const name = siteName(circumstances);
  const operations = (prefix: string, wanted: Secret, other: Secret): Operation[] => [
    newPassword({ id: `${prefix}/role`, address, wanted, other, hostName: name }),
    runningService(SERVICES['studio-background'], { id: `${prefix}/background` }),
    proof({
      id: `${prefix}/proof`,
      title: 'the site logs in with this password, and the other one is refused',
      after: [transactionRecord, SETTINGS],
      wrong: async (host) =>
        (await loginWith(address, wanted)) ??
        (await refusedWith(address, other)) ??
        (await djangoState(host))?.databaseError ??
        (await siteAnswers(host, name)),
      remedy: `Check the log of the database server, and DATABASES in ${SETTINGS}.`,
    }),
    removeTransactionRecord(`${prefix}/forget`, transactionRecord),
  ];
  return {
    id,
    arguments: {},
    notices: [
      `The password of role ${address.user} on ${where(address)} and settings.py change together. Requests wait for a second or two; open connections stay.`,
      'Anything else that logs in as this role needs the new password, which settings.py has.',
      ...noticeOfFile(pair, ANSWER),
    ],
    requirements: [
      proof({
        id: 'database-password/before',
        title: 'the database accepts this password and no other',
        after: [],
        wrong: async (host) =>
          (await loginWith(address, pair.old)) ??
          (await refusedWith(address, new Secret(randomText(32)))) ??
          (await siteAnswers(host, name)),
        remedy: 'See what is wrong first: studio-setup doctor',
      }),
    ],
    forward: [
      writeTransactionRecord('database-password/keep', transactionRecord, { secrets: keptOf(pair) }),
      ...operations('database-password', pair.new, pair.old),
    ],
    backward: operations('database-password-back', pair.old, pair.new),
    done: 'The new password is in force, and the old one is refused.',
    undone: 'The old password is in force again.',
  };
}

/** As the site has it, not as an answers file says: it is the site that must go on. */
function addressOf({ host, port, user, name }: Partial<DatabaseInForce>): Address {
  return { host: host ?? '', port: Number(port ?? DEFAULT_PORT), user: user ?? '', database: name ?? '' };
}

function nothingToRotate(user: string): ProblemError {
  return new ProblemError({
    what: `The site logs in to its database as ${user} without a password: the server trusts it, or its account. Nothing was changed.`,
    remedy: 'There is no password to rotate.',
  });
}

function where({ host, port }: Address): string {
  return host === '' ? 'this server' : `${host}:${port}`;
}

async function loginWith(address: Address, password: Secret): Promise<string | undefined> {
  const login = await logIn({ ...address, password: password.reveal() });
  return login.ok ? undefined : `The login as ${address.user} to ${where(address)} fails: ${login.message}`;
}

async function refusedWith(address: Address, password: Secret): Promise<string | undefined> {
  const login = await logIn({ ...address, password: password.reveal() });
  return login.ok
    ? `${where(address)} accepts any password of ${address.user} (pg_hba.conf says trust, or similar).`
    : undefined;
}
