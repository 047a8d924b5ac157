import type { Product } from '../../../src/app/product.ts';
import { Session } from '../../../src/app/session.ts';
import type { Stop } from '../../../src/app/signals.ts';
import type { Check } from '../../../src/checks/check.ts';
import type { Handover } from '../../../src/engine/offer.ts';
import type { Section } from '../../../src/engine/section.ts';
import { Wizard } from '../../../src/wizard/runtime/wizard.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { Store } from '../../../src/wizard/shell/store.ts';
import { pathsIn } from '../../commands/sample/product.ts';

/**
 * The wizard over these sections, as it is when the host was looked at.
 * @param folder where the product's own files are
 * @param answers path of an answers file
 */
export async function begun(
  folder: string,
  sections: readonly Section[],
  checks: () => Promise<readonly Check[]> = async () => [],
  answers?: string,
): Promise<{ readonly session: Session; readonly store: Store; readonly shown: readonly Handover[] }> {
  const product: Product = {
    version: '1.2.3',
    paths: pathsIn(folder),
    sections: async () => sections,
    checks,
    preconditions: () => {},
  };
  const { signal } = new AbortController();
  const options = { yes: false, plain: false, screenReader: false, json: false, section: [], overwrite: [] };
  const session = new Session(
    product,
    { ...options, logLevel: 'info', jobs: 1, ...(answers === undefined ? {} : { answers }) },
    signal,
  );
  const stop: Stop = {
    stopping: () => false,
    signal,
    beginChanging: () => {},
    changing: () => false,
    interrupt: () => {},
    goOn: () => {},
    lost: () => false,
    watch: () => {},
  };
  const store = new Store(initialState(sections, { version: '1.2.3', place: '' }, { columns: 80, rows: 24 }));
  const shown: Handover[] = [];
  const wizard = new Wizard(session, store, sections, stop, {
    lend: async () => {},
    show: async (handover) => void shown.push(handover),
    close: () => {},
  });
  await wizard.begin();
  return { session, store, shown };
}
