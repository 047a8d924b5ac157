import type { Question } from '../answers/question.ts';
import type { Host } from '../host/host.ts';
import { count } from '../output/duration.ts';
import { ProblemError } from '../output/problem.ts';
import { randomText } from '../text/random.ts';
import { site, withValues } from './django.ts';
import { mailAddress } from './mail-address.ts';

/** Characters; Django's own limit (django.contrib.auth.models, username). */
const LONGEST_LOGIN = 150;
/** Characters. */
export const SHORTEST_PASSWORD = 12;

/** @returns why a text is no login name of Django's, else `undefined` */
export function userName(value: string): string | undefined {
  if (!/^[\w.@+-]+$/.test(value)) return 'Only letters, digits and @ . + - _ are allowed.';
  return value.length <= LONGEST_LOGIN
    ? undefined
    : `${value.length} characters; at most ${LONGEST_LOGIN} are allowed.`;
}

/** @returns why a password is refused before Django is asked, else `undefined` */
export function longPassword(value: string): string | undefined {
  return value.length >= SHORTEST_PASSWORD
    ? undefined
    : `${count(value.length, 'character')}; at least ${SHORTEST_PASSWORD} are needed.`;
}

/** @returns a password that nobody has to think up; it is shown once */
export function madePassword(): string {
  return randomText(20);
}

/** The account's name. */
export const USERNAME: Question = {
  id: 'username',
  label: 'Username',
  help: 'For logging in at /admin/ of the site. If an account of this name exists, it gets the new password; otherwise it is created.',
  kind: 'text',
  validate: userName,
};

export const EMAIL: Question = {
  id: 'email',
  label: 'E-mail address',
  help: 'Password resets go to this address. Leave it empty to keep the address of an existing account.',
  kind: 'text',
  skippable: 'Password resets do not reach the account.',
  validate: mailAddress,
};

export const PASSWORD: Question = {
  id: 'password',
  label: 'Password',
  help: `At least ${SHORTEST_PASSWORD} characters. Only the database stores it, hashed.`,
  kind: 'secret',
  repeat: () => true,
  generateOnRequest: madePassword,
  validate: longPassword,
};

/** An account of the site that may log in to /admin/. */
export interface Administrator {
  readonly username: string;
  readonly email: string;
}

const PROBE = `
from django.contrib.auth import get_user_model
User = get_user_model()
users = User.objects.filter(is_superuser=True, is_active=True).order_by('pk')[:20]
named = User.objects.filter(**{User.USERNAME_FIELD: values['username']}).exists()
answer({'named': named, 'all': [{'username': user.get_username(), 'email': user.email or ''} for user in users]})
`;

/**
 * @param username an account that is asked for @returns the site's administrators, and whether there is such an account
 * @throws ProblemError when the site can't be asked
 */
export async function administrators(
  host: Host,
  username = '',
): Promise<{ readonly named: boolean; readonly all: readonly Administrator[] }> {
  const answer = await site<{ named: boolean; all: Administrator[] }>(host, withValues({ username }, PROBE));
  if (!('wrong' in answer)) return answer;
  throw new ProblemError({
    what: `The site could not be asked for its administrators: ${answer.wrong}. Nothing was changed.`,
    remedy: 'Find out why: studio-setup doctor',
  });
}
