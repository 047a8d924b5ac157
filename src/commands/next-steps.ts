import { Answers } from '../answers/answers.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { type NextStep, nextStepsOn } from '../app/next-steps.ts';
import type { Session } from '../app/session.ts';
import { clean, harmless } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';

/**
 * What is left to do elsewhere for the site of this server: webhooks, DNS, a firewall. Changes nothing, asks nothing.
 * @param secrets whether what has to be entered there is shown, to this terminal alone: no log has it
 */
export async function nextStepsCommand(session: Session, secrets: boolean): Promise<ExitCode> {
  const sections = await session.product.sections();
  const { answers } = await session.collect(sections);
  const steps = await nextStepsOn(session.host, sections, withoutGenerated(answers));
  if (session.options.json) for (const { text } of steps) writeRecord({ type: 'next-step', ...{ text } });
  else if (steps.length === 0) print('There is no site on this server yet.');
  else if (!secrets) print(...nextStepsText(steps).slice(1));
  else for (const step of steps) showWithSecret(step);
  return EXIT.asWanted;
}

/** What was made up just now is on no server. */
function withoutGenerated(answers: Answers): Answers {
  const known = answers.ids().flatMap((id) => {
    const [value, source] = [answers.get(id), answers.sourceOf(id)];
    return value === undefined || source === undefined || source === 'generated'
      ? []
      : [[id, { value, source }] as const];
  });
  return new Answers(new Map(known));
}

/** Past the funnel that masks secrets: this one was asked for. */
function showWithSecret({ text, secret }: NextStep): void {
  print(...lineOf(text));
  if (secret) process.stdout.write(`    ${harmless(secret.reveal())}\n`);
}

/** @returns lines, under a heading; nothing where nothing is left to do */
export function nextStepsText(steps: readonly NextStep[]): readonly string[] {
  if (steps.length === 0) return [];
  const secret = steps.some((step) => step.secret !== undefined);
  return [
    '',
    styled('bold', 'Left to do elsewhere'),
    ...steps.flatMap(({ text }) => lineOf(text)),
    ...(secret ? ['', 'The secrets for it: studio-setup next-steps --secrets'] : []),
  ];
}

function lineOf(text: string): readonly string[] {
  return wrap(clean(text), { first: '  ', rest: '    ' });
}
