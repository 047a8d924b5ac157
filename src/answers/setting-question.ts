import type { Question } from './question.ts';

/** What the id of an answer begins with that is named after its place in settings.py: `setting.BLENDER_ID.ACCESS_TOKEN`. */
const PREFIX = 'setting.';

const ID = /^setting(?:\.[A-Za-z_][\w-]*)+$/;

/** Names of what nobody else may know; what is not among them may stand in the answers file itself. */
const SECRET = /KEY|SECRET|TOKEN|PASS|CREDENTIAL|SALT|AUTH|DSN/i;

/** @returns the place of the setting that an answer is for, `undefined` for every other answer */
export function settingPath(id: string): readonly string[] | undefined {
  return ID.test(id) ? id.slice(PREFIX.length).split('.') : undefined;
}

/**
 * @param path names and keys @param where what stands around it in settings.py, for the help
 * @returns the question for a setting that the product does not know; `undefined` for a key that no id can have
 */
export function settingQuestion(path: readonly string[], where = ''): Question | undefined {
  const id = `${PREFIX}${path.join('.')}`;
  if (!ID.test(id) || settingPath(id)?.length !== path.length) return undefined;
  return {
    id,
    label: path.join(' › '),
    help: `settings.py has a placeholder here, which you replace by the real value.${where === '' ? '' : ` ${where}`}`,
    kind: SECRET.test(path.join('.')) ? 'secret' : 'text',
    skippable: `What uses ${path.join('.')} does not work.`,
    decided: true,
    existing: () => undefined,
  };
}
