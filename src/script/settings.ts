import type { Answers } from '../answers/answers.ts';
import { Secret } from '../output/secret.ts';
import type { SettingPath } from '../python/settings-file.ts';
import { isExpression } from '../python/value.ts';
import { integrations, isGiven, MAILGUN_BACKEND } from '../site/integrations.ts';
import { namesOf } from '../site/names.ts';
import { ofSecret } from './secrets.ts';
import { word, words } from './words.ts';

/**
 * `always`: whether it stands there or not; `there`: where it does, and `literal`: where it does as a plain value; `given`: as
 * `there`, and added where this version of the site has it; `mailgun`: the backend of e-mail.
 */
type Where = 'always' | 'there' | 'literal' | 'given' | 'mailgun';
type Kind = 'text' | 'bytes' | 'code' | 'list';

/** @param value a word of shell, quoted already */
function setting(where: Where, kind: Kind, path: readonly string[], value: string): string {
  return `  setting ${where} ${kind} ${word(path.join(' '))} ${value}`;
}

/** @returns the lines of an exported script that set assignments in settings.py */
export function settingsLines(lines: readonly string[]): readonly string[] {
  return ['{', ...lines, '} | edit_settings'];
}

/** @returns the assignment of a text to a name of settings.py. @param value a word of shell, quoted already */
export function textSetting(path: readonly string[], value: string): string {
  return setting('always', 'text', path, value);
}

/** @returns what `settings/production` sets, in the same order. */
export function productionScript(answers: Answers): readonly string[] {
  const database = (key: string, id: string) =>
    textSetting(['DATABASES', 'default', key], word(answers.text(id)));
  return settingsLines([
    textSetting(['SECRET_KEY'], ofSecret('secret-key')),
    setting('always', 'code', ['DEBUG'], 'False'),
    setting('always', 'list', ['ALLOWED_HOSTS'], `"$(printf '%s\\n' ${words(namesOf(answers))})"`),
    database('NAME', 'database.name'),
    database('USER', 'database.user'),
    database('HOST', 'database.host'),
    database('PORT', 'database.port'),
    textSetting(['DATABASES', 'default', 'PASSWORD'], ofSecret('database.password')),
    ...integrationLines(answers),
    // What the host has already stays: somebody may have chosen to send nothing.
    ...(answers.has('mailgun.api-key') && answers.sourceOf('mailgun.api-key') !== 'host'
      ? [setting('mailgun', 'text', ['EMAIL_BACKEND'], word(MAILGUN_BACKEND))]
      : []),
  ]);
}

function integrationLines(answers: Answers): string[] {
  return integrations.flatMap(({ question, paths, toPython }) => {
    const answer = answers.get(question.id);
    if (!(answer instanceof Secret) && typeof answer !== 'string') return [];
    const lines = (kind: Kind, value: string) =>
      isGiven(answers, question.id)
        ? [setting('given', kind, [alternatives(paths)], value)]
        : paths.map((path) => setting(paths.length > 1 ? 'literal' : 'there', kind, path, value));
    if (answer instanceof Secret)
      return lines(question.kind === 'multiline-secret' ? 'bytes' : 'text', ofSecret(question.id));
    const python = toPython?.(answer);
    const [kind, value] =
      python !== undefined && isExpression(python)
        ? (['code', python.source] as const)
        : (['text', answer] as const);
    return lines(kind, word(value));
  });
}

/** All names of one setting, as one word. */
function alternatives(paths: readonly SettingPath[]): string {
  return paths.map((path) => path.join(' ')).join('|');
}
