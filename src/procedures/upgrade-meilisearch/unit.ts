import type { Answers } from '../../answers/answers.ts';
import { masterKeyOf, meilisearchUnit } from '../../configs/meilisearch.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { sumOf } from '../../host/journal.ts';
import { command } from '../../operations/command.ts';
import { noLink } from '../../operations/no-link.ts';
import type { Secret } from '../../output/secret.ts';
import { checkoutFile, deployed } from '../../site/deployed.ts';
import { UNITS } from '../../site/layout.ts';
import { unitOptions } from '../../site/meilisearch-unit.ts';
import { SERVICES } from '../../site/services.ts';
import { withMasterKey } from '../master-key.ts';
import type { Engine } from './engine.ts';

export const UNIT = `${UNITS}/${SERVICES.meilisearch.unit}`;

/**
 * The unit for another engine. Where the installed one is what a run makes of the repository's, the new one is made of that too,
 * so that a run finds nothing to do. Any other is the operator's: only what the version needs is changed in it.
 */
export async function unitFor(
  host: Host,
  answers: Answers,
  from: Engine,
  { version, program, data }: Omit<Engine, 'unit'>,
): Promise<string> {
  const wanted = (unit: string) => ({ ...unitOptions(unit, version), binary: program, data });
  const source = await repositoryUnit(host, answers);
  if (
    source !== undefined &&
    meilisearchUnit(source, unitOptions(source, from.version, from.unit)) === from.unit
  )
    return meilisearchUnit(source, wanted(source));
  const { environmentFile: _, ...options } = wanted(from.unit);
  return meilisearchUnit(from.unit, options);
}

async function repositoryUnit(host: Host, answers: Answers): Promise<string | undefined> {
  const own = await checkoutFile(host, UNIT);
  if (own !== undefined || !answers.flag('configuration.templates')) return own;
  const template = await deployed(host, answers, UNIT);
  return typeof template === 'string' ? template : undefined;
}

/** The unit that starts an engine, in one write: program and data change together. */
export function unitOf(id: string, { version, program, data, unit }: Engine, master: Secret): Operation {
  // One that was kept may hold a master key of before.
  const text = withMasterKey(UNIT, unit, master);
  return command({
    id,
    title: `the unit of Meilisearch ${version}`,
    shell: [`editor ${UNIT}  # ExecStart=${program} …, MEILI_DB_PATH=${data}`],
    touches: [UNIT],
    async missing(host) {
      await noLink(host, UNIT, 'file');
      return (await host.read(UNIT)) === text ? undefined : `${program}, ${data}`;
    },
    async apply(live) {
      const [current, written] = [await live.read(UNIT), await live.written(UNIT)];
      const sums = [written?.sha256, written?.before];
      // An operator's own unit stays the operator's: a later run must not take it for the product's.
      const foreign = current !== undefined && !sums.includes(sumOf(current));
      await live.write(UNIT, text, { foreign, secret: masterKeyOf(text) !== undefined });
    },
  });
}
