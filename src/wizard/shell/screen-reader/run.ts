import { duration } from '../../../output/duration.ts';
import { runScreen } from '../../screens/run.ts';
import type { RunStep } from '../../state/run-model.ts';
import type { WizardState } from '../../state/state.ts';
import { EVERYTHING, type ItemState, itemOf, type ScreenReaderItem } from './item.ts';

/** Tasks that are said; those before were said when they ended. */
const TASKS = 20;
/** Percent from which on progress is said again. */
const STEP = 10;

/** What begins, what ends and how, as it happens. The arrows say other rows; what is at work is not said each second. */
export function runItems(state: WizardState): readonly ScreenReaderItem[] {
  const { model, follow, stopping } = state.run;
  const steps = [...model.steps.values()]
    .filter((step) => step.state !== 'waiting' && step.state !== 'unchanged')
    .sort((one, other) => one.startedAt - other.startedAt)
    .slice(-TASKS);
  const titles = new Map(model.sections.map(({ id, title }) => [id, title]));
  const all = model.steps.size;
  const percent = all === 0 ? 0 : Math.floor((100 / STEP) * (model.finished / all)) * STEP;
  return [
    ...(stopping ? [{ text: 'Stopping after what is running.' }] : []),
    { role: 'progressbar', text: `${percent} %` },
    ...model.warnings.map((text) => ({ text: `Note: ${text}` })),
    {
      role: 'list',
      text: 'Steps',
      items: steps.map((step) => stepItem(step, titles.get(step.section) ?? step.section)),
    },
    ...(follow ? [] : selectedItems(state)),
  ];
}

function stepItem(step: RunStep, section: string): ScreenReaderItem {
  const states: readonly ItemState[] = step.state === 'working' ? ['busy'] : [];
  return { role: 'listitem', text: `${section}, ${step.title}: ${howOf(step)}`, states };
}

function howOf(step: RunStep): string {
  if (step.state === 'working') return 'at work';
  if (step.state === 'failed') return `failed. ${step.problem?.what ?? ''}`;
  return step.state === 'skipped' ? 'not done' : `done, ${duration(step.ms)}`;
}

/** The row that the operator went to. */
function selectedItems(state: WizardState): readonly ScreenReaderItem[] {
  const line = runScreen.lines?.(state, EVERYTHING).find((each) => each[0]?.text.startsWith('›'));
  return line === undefined ? [] : [{ ...itemOf(line), role: 'listitem' }];
}
