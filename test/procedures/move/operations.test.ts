import { describe, expect, it } from 'vitest';
import { stoppedUnit } from '../../../src/operations/own-units.ts';
import { procedures } from '../../../src/procedures/index.ts';
import { renewals } from '../../../src/procedures/move/renewals.ts';
import {
  isMove,
  MOVED,
  type Moved,
  readMoved,
  recordOfMove,
  refuseMoved,
  rested,
} from '../../../src/procedures/move/state.ts';
import { cuts, SHAPES, wrongShapes } from '../../app/shapes.ts';
import { given } from '../../host/given.ts';
import { Certbot } from '../../operations/certbot.ts';
import { type Machine, table } from '../../operations/table.ts';

const NAME = 'studio.example.org';
const OTHER = 'blog.example.org';
const names = { domain: NAME, extraNames: [], formerNames: [] };
const conf = (name: string) => `/etc/letsencrypt/renewal/${name}.conf`;
const SERVER = 'https://acme.example.org/directory';
const OFF = '# Written by studio-setup move rest; studio-setup move back takes it away.\nautorenew = False\n';

const moved: Moved = {
  archive: 'restic:1a2b3c4d',
  repository: 'sftp:backups@example.org:studio',
  made: '2026-11-29T22:00:00.000Z',
  units: ['studio-clock-tick.timer', 'studio.service'],
  rested: false,
};
const record = (of: Moved) => `${JSON.stringify(of)}\n`;

/** What certbot has for the site, and for another one. */
function certificates(machine: Machine): Certbot {
  const certbot = new Certbot(machine.host);
  for (const name of [NAME, OTHER]) certbot.put(name, [name], SERVER);
  return certbot;
}
const arrange =
  (more: (machine: Machine) => void = () => {}) =>
  (machine: Machine) => {
    certificates(machine);
    more(machine);
  };
const off = (machine: Machine) => {
  const { host } = machine;
  certificates(machine);
  host.arrange({ [conf(NAME)]: withOff(host.tree.read(conf(NAME)).toString()) });
};
const withOff = (text: string) => text.replace('[renewalparams]\n', `[renewalparams]\n${OFF}`);
const RENEWED = `# renew_before_expiry = 30 days\nversion = 2.1.0\n[renewalparams]\nserver = ${SERVER}\nauthenticator = webroot\n[[webroot_map]]\n`;

table('renewals of a site that moved', [
  {
    title: 'ended, those of another site are not',
    operation: renewals('x', names, false),
    arrange: arrange(),
    change: { kind: 'run', summary: `certbot leaves the certificates of the site alone: ${conf(NAME)}` },
    after: { [conf(NAME)]: withOff(RENEWED), [conf(OTHER)]: RENEWED },
  },
  { title: 'ended already', operation: renewals('x', names, false), arrange: off, upToDate: true },
  {
    title: 'begun again',
    operation: renewals('x', names, true),
    arrange: off,
    change: { kind: 'run', summary: `certbot renews the certificates of the site: ${conf(NAME)}` },
    after: { [conf(NAME)]: RENEWED, [conf(OTHER)]: RENEWED },
  },
  { title: 'never ended', operation: renewals('x', names, true), arrange: arrange(), upToDate: true },
  {
    title: 'of a certificate that certbot does not have',
    operation: renewals('x', names, false),
    arrange: arrange(({ host }) => host.arrange({ [conf(NAME)]: '# mine\n' })),
    upToDate: true,
  },
]);

table('record of a move', [
  {
    title: 'written once the backup is known',
    operation: recordOfMove('x', async () => moved),
    change: { kind: 'run', summary: `record where the last backup is: ${MOVED}` },
    after: { [MOVED]: { text: record(moved), mode: 0o600 } },
  },
  {
    title: 'there already, of the same move',
    operation: recordOfMove('x', () => Promise.reject(new TypeError('It is not asked for again.'))),
    before: { [MOVED]: record(moved) },
    upToDate: true,
  },
  {
    title: 'says that the site is at rest',
    operation: rested('x', true),
    before: { [MOVED]: { text: record(moved), mode: 0o600 } },
    change: { kind: 'run' },
    after: { [MOVED]: { text: record({ ...moved, rested: true }), mode: 0o600 } },
  },
  { title: 'no move, no rest', operation: rested('x', true), upToDate: true },
]);

const UNIT = 'studio-background.service';
table('a unit that is stopped for good', [
  {
    title: 'one that runs',
    operation: stoppedUnit('x', UNIT),
    before: { [`/etc/systemd/system/${UNIT}`]: '[Install]\nWantedBy=multi-user.target\n' },
    arrange({ systemd }) {
      systemd.enable(UNIT);
      systemd.running(UNIT, 100);
    },
    change: { kind: 'run', summary: `stop ${UNIT}: it runs`, shell: [`systemctl disable --now ${UNIT}`] },
    after: { [`/etc/systemd/system/multi-user.target.wants/${UNIT}`]: null },
    ran: [`systemctl stop ${UNIT}`],
    check: ({ systemd }) => expect(systemd.unit(UNIT).active).toBe('inactive'),
  },
  {
    title: 'one that failed, and systemd is about to start again',
    operation: stoppedUnit('x', UNIT),
    before: { [`/etc/systemd/system/${UNIT}`]: '[Service]\n' },
    arrange({ systemd }) {
      systemd.unit(UNIT).active = 'activating';
    },
    change: { kind: 'run' },
    ran: [`systemctl stop ${UNIT}`],
  },
]);

describe('a record of a move that tells nothing', () => {
  const other = [...SHAPES, ...cuts(record(moved).trim()).slice(0, -1)];
  it.each(other)('stops what would need it: %s', async (text) => {
    await expect(readMoved(given({ files: { [MOVED]: text } }))).rejects.toThrow(
      /shows that the site was moved to another server, but it can't be read\. Nothing was changed/,
    );
  });

  it('no unit of another kind of name is taken from it', async () => {
    for (const shape of wrongShapes({ ...moved, units: ['studio.service'] })) {
      const units = await readMoved(given({ files: { [MOVED]: JSON.stringify(shape) } })).then(
        (found) => found?.units ?? [],
        () => [],
      );
      for (const unit of units) expect(unit).toMatch(/^[\w@.-]+\.(service|timer)$/);
    }
  });
});

it('a server whose site was moved refuses all but what belongs to a move', async () => {
  await expect(refuseMoved(given({ files: { [MOVED]: record(moved) } }))).rejects.toThrow(
    /was moved to another one, with the backup of/,
  );
  await refuseMoved(given({}));
  expect(procedures.filter(isMove).map(({ id }) => id)).toEqual(['move', 'move rest', 'move back']);
});
