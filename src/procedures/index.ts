import type { ProcedureKind } from './procedure.ts';
import { transactionRecordPath } from './transaction-record-path.ts';

const DATABASE = ['DATABASES', 'default'];

/**
 * Every kind of procedure. Commands, menu and `undo` find theirs here, and so does what looks for something pending. Light:
 * what a procedure is built from is loaded when it is built.
 */
export const procedures: readonly ProcedureKind[] = [
  {
    id: 'rotate meilisearch-key',
    title: () => 'New master key for Meilisearch',
    transactionRecord: transactionRecordPath('meilisearch-key'),
    menu: {
      title: 'New key for Meilisearch',
      about:
        'A new master key, and the public and private keys that follow from it. The search stands still for a second; pages go on.',
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
        'All sessions end: everybody logs in again. Links for resetting a password, too, are worth nothing then.',
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
      about: 'The role on the server and settings.py change together; requests wait for a second or two.',
    },
    rotates: { settings: [[...DATABASE, 'PASSWORD']] },
    async build(circumstances) {
      return (await import('./database-password.ts')).databasePassword(this, circumstances);
    },
  },
  {
    id: 'change-domain',
    title: ({ domain = '' }) => `The domain becomes ${domain}`,
    transactionRecord: transactionRecordPath('domain'),
    menu: {
      title: 'Another domain …',
      about:
        'Asks for the new name. Certificate first, then nginx, settings and links; the old name redirects to the new one, or goes. Its DNS must point to this server already.',
      asksDomain: true,
    },
    async build(...given) {
      return (await import('./change-domain/change-domain.ts')).changeDomain(this, ...given);
    },
  },
];
