import type { Answers } from '../answers/answers.ts';

/** What Debian and Ubuntu call PostgreSQL. */
export const POSTGRESQL = ['postgresql', 'postgresql-client'] as const;

/** @returns whether the database is on this host, and so the product's to install and set up. */
export function isLocal(answers: Answers): boolean {
  return ['localhost', '127.0.0.1', '::1', ''].includes(answers.text('database.host'));
}
