import path from 'node:path';
import { Answers, type AnswerValue } from '../../../src/answers/answers.ts';
import { Secret } from '../../../src/output/secret.ts';
import type { PlanEntry } from '../../../src/reporters/plan-view.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { screenReaderItems } from '../../../src/wizard/shell/screen-reader/frame.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { sections } from '../../../steps/index.ts';

/** Smallest, usual, and wide enough that columns stand beside each other. */
export const SIZES: readonly Size[] = [
  { columns: 60, rows: 16 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
];

/** What an operator answered for a small site; Mailgun among it, and nothing of what can be skipped else. */
export const ANSWERS: Readonly<Record<string, AnswerValue>> = {
  domain: 'studio.example.org',
  'extra-names': ['www.studio.example.org'],
  'admin.username': 'ada',
  'admin.email': 'ada@example.org',
  'mailgun.api-key': new Secret('key-of-mailgun-for-tests'),
  'mailgun.sender-domain': 'mg.example.org',
  'mailgun.webhook-secret': new Secret('mailgun:login-of-the-webhook'),
};

export const SKIPPED = [
  { id: 'braintree.merchant-id', what: 'Braintree', consequence: 'Nobody can pay for a subscription.' },
  { id: 'geoip.database', what: 'GeoIP', consequence: "Visitors' countries are not known." },
];

export function answersOf(values: Readonly<Record<string, AnswerValue>>): Answers {
  return new Answers(
    new Map(Object.entries(values).map(([id, value]) => [id, { value, source: 'asked' as const }])),
  );
}

/** @returns the wizard over the product's own sections, once the host was looked at and all is answered */
export function answeredState(size: Size): WizardState {
  const state = initialState(sections, { version: '1.2.3', place: 'studio · debian 12' }, size);
  const answered = { ...state.answered, ready: true, answers: answersOf(ANSWERS), skipped: SKIPPED };
  return { ...state, now: NOW, observing: false, answered, stack: ['overview'] };
}

/** Milliseconds; what spins and counts stands still in a frame. */
export const NOW = 1_700_000_000_000;

/** A change as a bare server has it. */
export function change(operation: string, more: Partial<PlanEntry> = {}): PlanEntry {
  const title = operation.slice(operation.indexOf('/') + 1);
  return {
    type: 'planned',
    section: operation.split('/')[0] ?? '',
    operation,
    title,
    kind: 'run',
    summary: `${title}: install`,
    shell: [`install ${title}`],
    departures: [],
    starts: [],
    restarts: [],
    reloads: [],
    ...more,
  };
}

/** @returns the terminal, row by row */
export function rowsOf(state: WizardState): readonly string[] {
  return frameOf(state).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

/** @returns the file with a frame as it should be, beside the tests */
export function frameFile(name: string, { columns, rows }: Size): string {
  return path.join(import.meta.dirname, 'frames', `${name}-${columns}x${rows}.txt`);
}

/** @returns all that a screen reader says, line by line */
export function saidOf(state: WizardState): readonly string[] {
  return screenReaderItems(state).flatMap(({ text, items = [] }) => [
    text,
    ...items.map((item) => item.text),
  ]);
}
