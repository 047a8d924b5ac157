import type { Answers } from '../answers/answers.ts';
import { SKIPPED_SETTINGS } from '../answers/saved.ts';
import { settingQuestion } from '../answers/setting-question.ts';
import type { Host } from '../host/host.ts';
import type { SettingsFile } from '../python/settings-file.ts';
import { integrations } from './integrations.ts';
import { placeholderQuestions } from './placeholder-questions.ts';

/** A CHANGE_ME that is in force in settings.py. */
export interface Placeholder {
  /** `BLENDER_ID.OAUTH_CLIENT` */
  readonly name: string;
  /** From 1 on. */
  readonly line: number;
  /** The integration that it belongs to, when the operator left that out: `Braintree`; its own name, when it was skipped by that. */
  readonly leftOut?: string;
  /** The id by which an answers file can set it. */
  readonly answer?: string;
}

/**
 * @param skipped ids of settings that were skipped by name
 * @returns the placeholders that count: one that a later assignment replaces does not
 */
export function placeholdersLeft(
  file: SettingsFile | undefined,
  answers: Answers,
  skipped: readonly string[],
): readonly Placeholder[] {
  if (file === undefined) return [];
  const askable = new Set(placeholderQuestions(file).map(({ id }) => id));
  return file
    .placeholders()
    .filter(({ overridden }) => !overridden)
    .map(({ path, line }) => {
      const name = path.join('.');
      const question = integrations.find(({ paths }) =>
        paths.some((each) => each.join('.') === name),
      )?.question;
      const id = settingQuestion(path)?.id;
      const answer = id !== undefined && askable.has(id) ? id : undefined;
      const ofGroup = question && !answers.has(question.id) ? question.group : undefined;
      const leftOut = answer !== undefined && skipped.includes(answer) ? name : ofGroup;
      return {
        ...{ name, line },
        ...(leftOut === undefined ? {} : { leftOut }),
        ...(answer === undefined ? {} : { answer }),
      };
    });
}

/** @returns the ids of settings that were skipped by name, as the last run kept them */
export function skippedSettings(host: Pick<Host, 'hint'>): readonly string[] {
  return (host.hint(SKIPPED_SETTINGS) ?? '').split(' ').filter(Boolean);
}
