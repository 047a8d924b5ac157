import { applyEdits } from '../text/edits.ts';
import { unitDirectives } from './unit.ts';
import { unitWords } from './unit-words.ts';

/**
 * Fixes `WantedBy=timer.target`, a unit that does not exist: such a timer is enabled without a complaint, runs once
 * started, and is inactive after the next reboot. The real one is `timers.target`.
 */
export function timerTarget(source: string): string {
  const edits = unitDirectives(source)
    .filter(({ section, key }) => section === 'Install' && (key === 'WantedBy' || key === 'RequiredBy'))
    .flatMap((directive) => unitWords(source, directive))
    .filter(({ text }) => text === 'timer.target')
    .map(({ start, end }) => ({ start, end, text: 'timers.target' }));
  return applyEdits(source, edits);
}
