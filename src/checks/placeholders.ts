import { unitDirectives } from '../configs/unit.ts';
import { placeholderIn } from '../python/placeholders.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { integrations } from '../site/integrations.ts';
import { SERVICE_UNITS, SETTINGS, TASK_UNITS, UNITS } from '../site/layout.ts';
import { isOfSearch } from '../site/placeholder-questions.ts';
import { placeholdersLeft, skippedSettings } from '../site/placeholders.ts';
import { type Check, failing, fine } from './check.ts';
import { MEILISEARCH_FIXES, SEARCH_FIXES, SETTINGS_FIXES } from './fixes.ts';

/** An integration that the operator skipped keeps its placeholders on purpose: it is named, and no failure. */
export const placeholders: Check = {
  id: 'placeholders',
  title: 'CHANGE_ME',
  asks: 'Looks for CHANGE_ME in the values in force in settings.py and in the units. Those of skipped integrations are named, and are no failure.',
  means: 'A part of the site works with a value that everybody knows, or not at all.',
  fixes: [...new Set([...SETTINGS_FIXES, ...SEARCH_FIXES])],
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
      return fine(
        groups.length === 0
          ? 'None is left.'
          : `None is left, except for skipped integrations: ${groups.join(', ')}.`,
      );
    const search = left.some(({ name, leftOut }) => !leftOut && isOfSearch(name));
    return failing(
      `CHANGE_ME is left in ${found.join('; ')}.`,
      remedyFor(left.flatMap(({ answer, leftOut }) => (answer === undefined || leftOut ? [] : [answer]))),
      [
        ...new Set([
          ...(open.length > 0 ? SETTINGS_FIXES : []),
          ...(search ? SEARCH_FIXES : []),
          ...(units.flat().length > 0 ? MEILISEARCH_FIXES : []),
        ]),
      ],
    );
  },
};

/** @param answers ids by which those can be given that no integration knows */
function remedyFor(answers: readonly string[]): string {
  const rest = `Then edit what is left: sudo -Hu www-data editor ${SETTINGS}`;
  return answers.length === 0
    ? `Run: studio-setup run settings meilisearch. ${rest}`
    : `Run: studio-setup run settings meilisearch, and give ${answers.join(', ')} (or \`skip\`) when asked, or in an answers file. ${rest}`;
}
