import type { Answers } from '../answers/answers.ts';
import type { Collected } from '../answers/sources.ts';
import type { Fact } from '../output/fact.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';

type Skipped = Collected['skipped'];

/** The group of the questions for the first administrator. */
const ADMINISTRATOR = 'First administrator';

/** @returns what the server will be: where the site is, who administers it, what stays off; nothing before the domain is known */
export function siteFacts(answers: Answers, skipped: Skipped): readonly Fact[] {
  if (answers.optionalText('domain') === undefined) return [];
  const off = notSetUp(skipped).map(({ what }) => what);
  return [
    { label: 'Address', value: addressOf(answers) },
    ...namesFacts(answers),
    { label: 'Administrator', value: administratorOf(answers, skipped) },
    ...(off.length === 0 ? [] : [{ label: 'Not set up', value: off.join(', ') }]),
  ];
}

/** @returns what was skipped, without the administrator: who logs in is a fact of its own */
export function notSetUp(skipped: Skipped): Skipped {
  return skipped.filter(({ what }) => what !== ADMINISTRATOR);
}

export function addressOf(answers: Answers): string {
  return `https://${namesOf(answers)[0]}/`;
}

function namesFacts(answers: Answers): readonly Fact[] {
  const [, ...also] = namesOf(answers);
  const former = formerNamesOf(answers);
  return [
    ...(also.length === 0 ? [] : [{ label: 'Also at', value: also.join(', ') }]),
    ...(former.length === 0 ? [] : [{ label: 'Redirects', value: former.join(', ') }]),
  ];
}

function administratorOf(answers: Answers, skipped: Skipped): string {
  const login = answers.optionalText('admin.username');
  const email = answers.optionalText('admin.email');
  if (login !== undefined) return email === undefined ? login : `${login} (${email})`;
  const left = skipped.find(({ what }) => what === ADMINISTRATOR);
  return left === undefined ? 'as on the site now' : `none. ${left.consequence}`;
}

/** @returns where to log in, and as whom */
export function loginOf(answers: Answers, skipped: Skipped): string {
  const place = `${addressOf(answers)}admin/`;
  const login = answers.optionalText('admin.username');
  if (login !== undefined) return `${place} as ${login}`;
  const left = skipped.find(({ what }) => what === ADMINISTRATOR);
  return left === undefined ? `${place} with an administrator account of the site` : left.consequence;
}
