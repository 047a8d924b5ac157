import { clean } from '../../../output/clean.ts';
import { domainHelp, QUESTIONS } from '../../screens/domain.ts';
import type { DomainState, WizardState } from '../../state/state.ts';
import { blockItems } from './blocks.ts';
import type { ItemState, ScreenReaderItem } from './item.ts';

/** What the site is to be called. */
export function domainItems({ domain: asked }: WizardState): readonly ScreenReaderItem[] {
  if (asked === undefined) return [];
  const at = (focus: DomainState['focus']): readonly ItemState[] =>
    asked.focus === focus ? ['selected'] : [];
  const field = (id: 'name' | 'extra'): ScreenReaderItem => {
    // What is being typed is said last, character by character.
    const value = asked.focus === id ? '' : `, ${clean(asked[id].before + asked[id].after) || 'none'}`;
    return { role: 'textbox', text: `${QUESTIONS[id].label}${value}`, states: at(id) };
  };
  const old = asked.old === 'redirect' ? 'leads to the new one' : 'is no longer answered';
  // Not what would be refused while it is typed: it would break into each character.
  const quiet = (edit: DomainState['name']) => ({ id: edit.id, before: '', after: '' });
  return [
    { text: `The site’s domain is ${asked.now}.` },
    field('name'),
    { role: 'combobox', text: `The old name, ${old}`, states: at('old') },
    field('extra'),
    { role: 'button', text: 'Continue: see what it changes', states: at('next') },
    ...blockItems(domainHelp({ ...asked, name: quiet(asked.name), extra: quiet(asked.extra) })),
  ];
}

/** The name that is typed, and why Enter refused it. */
export function domainTypingItems({ domain: asked }: WizardState): readonly ScreenReaderItem[] {
  if (asked?.focus !== 'name' && asked?.focus !== 'extra') return [];
  const { before, after, refused } = asked[asked.focus];
  return [
    ...(refused === undefined ? [] : [{ text: `Refused: ${clean(refused)}` }]),
    { role: 'textbox', text: `${QUESTIONS[asked.focus].label}, your answer: ${clean(before + after)}` },
  ];
}
