import type { Question } from '../answers/question.ts';
import { AnswersRefused } from '../answers/refused.ts';
import type { Sources } from '../answers/sources.ts';
import { Secret } from '../output/secret.ts';

/**
 * An answers file that was written before a rotation would put the old secret back, which may be the one that leaked. Nothing is
 * remembered for this: the host has another one in force, and that is enough. `rotate` itself takes the file's value as the new
 * one, and so is not asked here.
 * @param overwrite ids of questions whose value the operator forces, among other things
 * @throws AnswersRefused naming each secret of which the file gives another value than the host has
 */
export function refuseReplacedSecrets(
  questions: readonly Question[],
  { file, host }: Pick<Sources, 'file' | 'host'>,
  overwrite: ReadonlySet<string>,
): void {
  const replaced = questions.filter(({ id, rotatedBy }) => {
    const given = file.get(id);
    const value = given?.kind === 'value' ? given.value : undefined;
    const own = host.get(id);
    if (rotatedBy === undefined || overwrite.has(id)) return false;
    return value instanceof Secret && own instanceof Secret && value.reveal() !== own.reveal();
  });
  if (replaced.length === 0) return;
  const ids = replaced.map(({ id }) => id);
  throw new AnswersRefused({
    what: `The answers file gives another ${ids.join(' and another ')} than this server has in force. Nothing was changed.`,
    detail: replaced.map(
      ({ id, rotatedBy }) =>
        `${id}: to make the file's value the new one, with a proof and a way back: studio-setup ${rotatedBy} --answers FILE`,
    ),
    remedy: `The value was rotated since, or changed by hand. To keep this server's, write \`generate\` in the answers file, or remove the line. To force the file's value: --overwrite ${ids.join(' ')}`,
  });
}
