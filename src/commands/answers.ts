import { exampleFile, sentence } from '../answers/example.ts';
import { textOf } from '../answers/values.ts';
import { clean } from '../front/clean.ts';
import { writeRecord } from '../front/json.ts';
import { print } from '../front/print.ts';
import type { Product } from '../product.ts';
import type { Session } from '../session.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Prints an answers file with every question. Reads nothing of the host. */
export async function exampleCommand(product: Product): Promise<ExitCode> {
  process.stdout.write(exampleFile(await product.sections()));
  return EXIT.asWanted;
}

const SOURCES = {
  file: 'the answers file',
  asked: 'asked',
  host: 'the host',
  saved: 'the last run',
  default: 'the default',
  generated: 'made when it is needed',
};

/** Shows each answer that a run would use and where it comes from; secrets as dots. */
export async function answersCommand(session: Session): Promise<ExitCode> {
  const sections = await session.product.sections();
  const { answers, missing, skipped } = await session.collect(sections);
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
