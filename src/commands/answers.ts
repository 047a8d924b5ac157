import type { Question } from '../answers/question.ts';
import { textOf } from '../answers/values.ts';
import { collect } from '../app/collect.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Product } from '../app/product.ts';
import type { Session } from '../app/session.ts';
import { exampleFile } from '../document/answers-file.ts';
import { answersSchema } from '../document/answers-schema.ts';
import { recordedFile } from '../document/recorded-answers.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { sentence } from '../output/sentence.ts';
import { showProblems } from '../output/show-problems.ts';

/** Prints an answers file with every question, or what one may hold. Reads nothing of the host. */
export async function madeFromQuestions(product: Product, file: 'example' | 'schema'): Promise<ExitCode> {
  const sections = await product.sections();
  process.stdout.write(
    file === 'example' ? exampleFile(sections) : `${JSON.stringify(answersSchema(sections), undefined, 2)}\n`,
  );
  return EXIT.asWanted;
}

const SOURCES = {
  file: 'the answers file',
  asked: 'asked',
  host: 'the host',
  saved: 'saved earlier',
  default: 'the default',
  generated: 'generated when needed',
  example: 'an example, to show what is asked',
};

/**
 * Shows each answer that a run would use and where it comes from; secrets as dots.
 * @param record as an answers file for another host instead
 */
export async function answersCommand(session: Session, record: boolean): Promise<ExitCode> {
  const sections = await session.product.sections();
  const sources = await session.sources(sections);
  const { answers, missing, skipped } = await collect(sections, sources);
  if (record) {
    process.stdout.write(clean(recordedFile(sections, answers, sources)));
    if (missing.length > 0) showProblems([{ problem: unanswered(missing) }], session.options.json);
    return missing.length > 0 ? EXIT.waiting : EXIT.asWanted;
  }
  for (const id of answers.ids()) {
    const source = answers.sourceOf(id) ?? 'default';
    const value = textOf(answers.get(id) ?? '');
    if (session.options.json) writeRecord({ type: 'answer', ...{ id, value, source } });
    else print(`${id}: ${clean(value)}  (${SOURCES[source]})`);
  }
  for (const { id, what, consequence } of skipped) {
    if (session.options.json) writeRecord({ type: 'skipped', ...{ id, what, consequence } });
    else print(`${id}: skipped. ${consequence}`);
  }
  for (const { id, label, help } of missing) {
    if (session.options.json) writeRecord({ type: 'missing', ...{ id, label, help } });
    else print(`${id}: missing. ${sentence(label)} ${help}`);
  }
  return missing.length > 0 ? EXIT.waiting : EXIT.asWanted;
}

function unanswered(missing: readonly Question[]) {
  return {
    what: `${missing.length === 1 ? 'An answer is' : `${missing.length} answers are`} missing: the file is not complete.`,
    detail: missing.map(({ id, label }) => `${id}: ${sentence(label)}`),
    remedy: 'Add them to the file; `studio-setup answers --example` explains each.',
  };
}
