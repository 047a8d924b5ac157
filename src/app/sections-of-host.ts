import type { Section } from '../engine/section.ts';
import { Accounts } from '../host/accounts.ts';
import { Ledger } from '../host/ledger.ts';
import { LinuxHost } from '../host/linux-host.ts';
import { exampleSettings, installedSettings } from '../site/installed-settings.ts';
import { placeholderQuestions } from '../site/placeholder-questions.ts';

/**
 * @param state the product's state folder
 * @returns the sections, with a question for each CHANGE_ME of whatever settings file stands on this server that no integration
 *   knows; without one, or where it can't be read, as they are
 */
export async function sectionsOfHost(
  sections: readonly Section[],
  state: string,
): Promise<readonly Section[]> {
  const host = new LinuxHost({ accounts: new Accounts(), ledger: new Ledger(state) });
  // Who can't read it (another account than root, settings that are no text) is told so by what needs it.
  const file = await installedSettings(host)
    .then((installed) => installed ?? exampleSettings(host))
    .catch(() => undefined);
  const questions = file === undefined ? [] : placeholderQuestions(file);
  if (questions.length === 0) return sections;
  return sections.map((section) =>
    section.id === 'settings' ? { ...section, questions: [...section.questions, ...questions] } : section,
  );
}
