import { unitDirectives } from '../configs/unit.ts';
import { placeholderIn } from '../python/placeholders.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { integrations } from '../site/integrations.ts';
import { SERVICE_UNITS, SETTINGS, TASK_UNITS, UNITS } from '../site/layout.ts';
import { isOfSearch } from '../site/placeholder-questions.ts';
import { placeholdersLeft, skippedSettings } from '../site/placeholders.ts';
import { type Check, failing, fine } from './check.ts';
import { MEILISEARCH_MENDS, SEARCH_MENDS, SETTINGS_MENDS } from './fixes.ts';

/** An integration that the operator skipped keeps its placeholders on purpose: it is named, and no failure. */
export const placeholders: Check = {
  id: 'placeholders',
  title: 'CHANGE_ME',
  asks: 'Looks for CHANGE_ME in what counts in settings.py and in the units; what belongs to an integration that was skipped is only named.',
  means: 'Something works with a value that everybody knows, or does not work at all.',
  fixes: [...new Set([...SETTINGS_MENDS, ...SEARCH_MENDS])],
  answers: integrations.map(({ question }) => question.id),
  async run(host, answers) {
    const left = placeholdersLeft(await installedSettings(host), answers, skippedSettings(host));
    const open = left.flatMap(({ name, line, leftOut }) => (leftOut ? [] : [`${name} (line ${line})`]));
    const units = await Promise.all(
      [...Object.values(SERVICE_UNITS), ...TASK_UNITS].map(async (name) => {
        const text = (await host.read(`${UNITS}/${name}`)) ?? '';
        return unitDirectives(text).some(({ value }) => placeholderIn(value) !== undefined)
          ? [`${UNITS}/${name}`]
          : [];
      }),
    );
    const found = [...(open.length > 0 ? [`${SETTINGS}: ${open.join(', ')}`] : []), ...units.flat()];
    const groups = [...new Set(left.flatMap(({ leftOut }) => leftOut ?? []))];
    if (found.length === 0)
      return fine(groups.length === 0 ? 'None is left.' : `None is left, but for: ${groups.join(', ')}.`);
    const search = left.some(({ name, leftOut }) => !leftOut && isOfSearch(name));
    return failing(
      `CHANGE_ME is left in ${found.join('; ')}.`,
      remedyFor(left.flatMap(({ answer, leftOut }) => (answer === undefined || leftOut ? [] : [answer]))),
      [
        ...new Set([
          ...(open.length > 0 ? SETTINGS_MENDS : []),
          ...(search ? SEARCH_MENDS : []),
          ...(units.flat().length > 0 ? MEILISEARCH_MENDS : []),
        ]),
      ],
    );
  },
};

/** @param answers ids by which those can be given that no integration knows */
function remedyFor(answers: readonly string[]): string {
  const rest = `what is left then: sudo -Hu www-data editor ${SETTINGS}`;
  return answers.length === 0
    ? `studio-setup run settings meilisearch sets what it manages; ${rest}`
    : `Give ${answers.join(', ')}, or \`skip\`, in an answers file or when asked: studio-setup run settings meilisearch; ${rest}`;
}
