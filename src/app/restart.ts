import { Answers } from '../answers/answers.ts';
import { type Examined, examine, failures } from '../checks/examine.ts';
import { fixNodes } from '../checks/fix-operations.ts';
import { serviceCheck } from '../checks/units.ts';
import type { Node } from '../engine/graph.ts';
import type { Service } from '../engine/service.ts';
import { servicesOf } from '../site/services.ts';
import { examineSettled } from './examine-site.ts';
import { knownAnswers } from './known-answers.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage.ts';

/** @returns a service's name as it is typed and shown: its unit without the ending */
export function nameOfService({ unit }: Pick<Service, 'unit'>): string {
  return unit.replace(/\.service$/, '');
}

/** @returns the services of these names, in the order in which they are started @throws UsageError for a name that is none */
export async function servicesNamed(session: Session, names: readonly string[]): Promise<readonly Service[]> {
  const all = servicesOf(await session.product.sections());
  const wanted = names.map((name) => name.replace(/\.service$/, ''));
  const unknown = wanted.find((name) => !all.some((each) => nameOfService(each) === name));
  if (unknown === undefined) return all.filter((each) => wanted.includes(nameOfService(each)));
  throw new UsageError({
    what: `There is no service ${unknown} of the site. Nothing was changed.`,
    remedy: `Give one of: ${all.map(nameOfService).join(', ')}.`,
  });
}

/** @returns what restarts them, as `doctor --fix` does: nginx only with a configuration that passes its test */
export function restartNodes(services: readonly Service[]): readonly Node[] {
  return fixNodes(
    services.map(({ unit }) => `restart:${unit}`),
    [],
    new Answers(),
  );
}

/** @returns what the doctor finds of each, once it is up; a service may need some seconds @throws AnswersMissing without a site */
export async function provenRestart(
  session: Session,
  services: readonly Service[],
): Promise<readonly Examined[]> {
  const checks = services.map(serviceCheck);
  const answers = await knownAnswers(session, checks);
  const first = await examine(checks, session.hostOptions, async () => answers);
  if (failures(first).length === 0) return first;
  // As if all could be fixed: it waits for all of them.
  return examineSettled(
    session,
    answers,
    first.map(([check, result]) => [check, { ...result, fixes: ['restart'] }]),
  );
}
