import type { ProcedureKind } from './procedure.ts';
import { transactionRecordPath } from './transaction-record-path.ts';

const DATABASE = ['DATABASES', 'default'];

/**
 * Every kind of procedure. Commands, menu and `undo` find theirs here, and so does what looks for something pending. Light:
 * what a procedure is built from is loaded when it is built.
 */
export const procedures: readonly ProcedureKind[] = [
  {
    id: 'update',
    onOneOfSeveral: true,
    title: ({ rollback }) => (rollback === undefined ? 'Update of the site' : 'Back to the release before'),
    transactionRecord: transactionRecordPath('update'),
    menu: {
      title: 'Update the site',
      about:
        'Fetches new code and shows what comes. It is tried beside the site, then serves without a break.',
    },
    async build(...given) {
      return (await import('./update/update.ts')).update(this, ...given);
    },
  },
  {
    id: 'rotate meilisearch-key',
    title: () => 'New master key for Meilisearch',
    transactionRecord: transactionRecordPath('meilisearch-key'),
    menu: {
      title: 'New key for Meilisearch',
      about:
        'Replaces the master key, and the public and private keys that Meilisearch derives from it. Search is down for about a second; pages keep working.',
    },
    rotates: { settings: [['MEILISEARCH_PUBLIC_KEY'], ['MEILISEARCH_PRIVATE_KEY']], masterKey: true },
    async build(circumstances) {
      return (await import('./meilisearch-key.ts')).meilisearchKey(this, circumstances);
    },
  },
  {
    id: 'rotate secret-key',
    title: () => 'New SECRET_KEY',
    transactionRecord: transactionRecordPath('secret-key'),
    menu: {
      title: 'New SECRET_KEY',
      about:
        'Ends all sessions: everybody has to log in again. Password reset links that were already sent stop working.',
    },
    rotates: { settings: [['SECRET_KEY'], ['SECRET_KEY_FALLBACKS']] },
    async build(circumstances) {
      return (await import('./secret-key.ts')).secretKey(this, circumstances);
    },
  },
  {
    id: 'rotate database-password',
    title: () => 'New password of the database',
    transactionRecord: transactionRecordPath('database-password'),
    menu: {
      title: 'New database password',
      about:
        'Changes the password of the PostgreSQL role and settings.py together. Requests wait for a second or two.',
    },
    rotates: { settings: [[...DATABASE, 'PASSWORD']] },
    async build(circumstances) {
      return (await import('./database-password.ts')).databasePassword(this, circumstances);
    },
  },
  {
    id: 'upgrade meilisearch',
    title: ({ version = '', rollback }) =>
      rollback === undefined ? `Meilisearch ${version}`.trim() : 'Meilisearch as before the upgrade',
    transactionRecord: transactionRecordPath('meilisearch-upgrade'),
    menu: {
      title: 'Upgrade Meilisearch',
      about:
        "To the newest version that the site's Python client speaks, beside the old one, which stays. Search is down for about a second; pages keep working.",
    },
    rotates: { settings: [['MEILISEARCH_PUBLIC_KEY'], ['MEILISEARCH_PRIVATE_KEY']] },
    async build(...given) {
      return (await import('./upgrade-meilisearch/upgrade.ts')).upgradeMeilisearch(this, ...given);
    },
  },
  {
    id: 'maintenance',
    title: ({ state }) =>
      state === 'off' ? 'The site for visitors again' : 'The maintenance page for visitors',
    transactionRecord: transactionRecordPath('maintenance'),
    menu: {
      title: 'Maintenance page on or off',
      about:
        'While it is on, visitors get a page with HTTP 503 and Retry-After instead of the site. While it is off, this turns it on.',
    },
    async build(...given) {
      return (await import('./maintenance.ts')).maintenance(this, ...given);
    },
  },
  {
    id: 'move',
    title: () => 'Move to another server',
    transactionRecord: transactionRecordPath('move'),
    menu: {
      title: 'Move to another server',
      about:
        'On the old server: the maintenance page for visitors, all that writes stopped, and a last backup. Afterwards studio-setup move says what to type on the new one.',
    },
    async build(circumstances) {
      return (await import('./move/move.ts')).move(this, circumstances);
    },
  },
  {
    id: 'move rest',
    title: () => 'The old server at rest',
    transactionRecord: transactionRecordPath('move-rest'),
    menu: {
      title: 'Put the old server to rest',
      about:
        'After a move, once visitors reach the new server: the last services of the site, and renewals, end here. Nothing is deleted.',
    },
    async build(...given) {
      return (await import('./move/move.ts')).moveRest(this, ...given);
    },
  },
  {
    id: 'move back',
    title: () => 'The site from this server again',
    transactionRecord: transactionRecordPath('move-back'),
    menu: {
      title: 'Take a moved site back',
      about: 'After a move, while no visitor reaches the new server: the site serves from this one again.',
    },
    async build(...given) {
      return (await import('./move/move.ts')).moveBack(this, ...given);
    },
  },
  {
    id: 'change-domain',
    title: ({ domain = '' }) => `The domain becomes ${domain}`,
    transactionRecord: transactionRecordPath('domain'),
    menu: {
      title: 'Another domain …',
      about:
        'Asks for the new name, whose DNS must already point to this server. Changes certificate, nginx, settings and links. The old name redirects to the new one, or is removed.',
      asksDomain: true,
    },
    async build(...given) {
      return (await import('./change-domain/change-domain.ts')).changeDomain(this, ...given);
    },
  },
];
