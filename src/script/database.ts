import type { Answers } from '../answers/answers.ts';
import { clusterOptions, SUPERUSER } from '../site/database-cluster.ts';
import { ofSecret } from './secrets.ts';
import { word, words } from './words.ts';

/** @returns the bash that waits for the cluster of the answers */
export function clusterScript(answers: Answers): readonly string[] {
  return [
    `wait_for 30 'PostgreSQL takes no connections: journalctl -u postgresql' apart ${SUPERUSER} pg_isready ${cluster(answers)}`,
  ];
}

/** @returns the bash that makes the site's role where there is none of that name */
export function roleScript(answers: Answers): readonly string[] {
  const role = word(`role=${answers.text('database.user')}`);
  return [
    `if [ "$(${asked('pg_roles', 'rolname', 'role')} | ${psql(answers)} -tA --set ${role})" != 1 ]; then`,
    `  verifier=$(printf '%s' ${ofSecret('database.password')} | python3 -I -c "$verifier_program")`,
    `  echo "CREATE ROLE :\\"role\\" WITH LOGIN CREATEDB PASSWORD '$verifier'" |`,
    `    ${psql(answers)} --quiet --set ON_ERROR_STOP=1 --set ${role}`,
    'fi',
  ];
}

/** @returns the bash that makes the site's database where there is none of that name */
export function databaseScript(answers: Answers): readonly string[] {
  const [user, name] = [answers.text('database.user'), answers.text('database.name')];
  return [
    `if [ "$(${asked('pg_database', 'datname', 'name')} | ${psql(answers)} -tA --set ${word(`name=${name}`)})" != 1 ]; then`,
    `  apart ${SUPERUSER} createdb ${cluster(answers)} --owner ${word(user)} --encoding UTF8 --template template0 -- ${word(name)}`,
    'fi',
  ];
}

function cluster(answers: Answers): string {
  return words(clusterOptions(answers));
}

function psql(answers: Answers): string {
  return `apart ${SUPERUSER} psql --no-psqlrc ${cluster(answers)}`;
}

/** Of psql's own variables `:'name'` is a text, quoted by psql; it knows them in what it reads, not in what `-c` gives it. */
function asked(table: string, column: string, variable: string): string {
  return `echo "SELECT 1 FROM ${table} WHERE ${column} = :'${variable}'"`;
}
