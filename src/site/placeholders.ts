import type { Answers } from '../answers/answers.ts';
import type { SettingsFile } from '../python/settings-file.ts';
import { integrations } from './integrations.ts';

/** A CHANGE_ME that is in force in settings.py. */
export interface Placeholder {
  /** `BLENDER_ID.OAUTH_CLIENT` */
  readonly name: string;
  /** From 1 on. */
  readonly line: number;
  /** The integration that it belongs to, when the operator left that out: `Braintree`. */
  readonly leftOut?: string;
}

/** @returns the placeholders that count: one that a later assignment replaces does not */
export function placeholdersLeft(file: SettingsFile | undefined, answers: Answers): readonly Placeholder[] {
  const left = (file?.placeholders() ?? []).filter(({ overridden }) => !overridden);
  return left.map(({ path, line }) => {
    const name = path.join('.');
    const question = integrations.find(({ paths }) =>
      paths.some((each) => each.join('.') === name),
    )?.question;
    const leftOut = question && !answers.has(question.id) ? question.group : undefined;
    return { name, line, ...(leftOut === undefined ? {} : { leftOut }) };
  });
}
