import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { downloadsOf } from '../../app/downloads.ts';
import { estimateOf } from '../../app/estimate.ts';
import { operationTimes } from '../../app/operation-times.ts';
import { sectionsFor } from '../../app/sections.ts';
import type { Session } from '../../app/session.ts';
import { siteFacts } from '../../app/site-facts.ts';
import { type Survey, survey } from '../../app/survey.ts';
import type { Node } from '../../engine/graph.ts';
import type { Section } from '../../engine/section.ts';
import { cleaned } from '../../output/clean.ts';
import { entriesOf, problemsOf } from '../../reporters/plan-view.ts';
import { scriptOf } from '../../script/script.ts';
import { openForm } from '../screens/questions/moves.ts';
import type { ReviewState } from '../screens/review/state.ts';
import type { Store } from '../shell/store.ts';
import { goTo } from '../state/navigation.ts';
import type { Answering } from './answering.ts';
import { busy } from './busy.ts';
import { conflictsAt, departuresAt } from './plan-for-review.ts';

/** The review of sections: what a run would change, without the files that the operator keeps, and the script of it. */
export class Reviewing {
  readonly #session: Session;
  readonly #store: Store;
  readonly #sections: readonly Section[];
  readonly #answering: Answering;
  readonly #excluded = new Set<string>();
  #found: Survey | undefined;

  constructor(session: Session, store: Store, sections: readonly Section[], answering: Answering) {
    this.#session = session;
    this.#store = store;
    this.#sections = sections;
    this.#answering = answering;
  }

  /** @returns what is applied; `undefined` when there is no review that still holds */
  nodes(): readonly Node[] | undefined {
    return this.#found?.nodes.filter(({ operation }) => !this.#excluded.has(operation.id));
  }

  /** Something else changed the host: what was found holds no longer. */
  forget(): void {
    this.#found = undefined;
  }

  /** Leaves the operator's file as it is, as long as the wizard runs. */
  keep(operation: string): void {
    this.#excluded.add(operation);
    const excluded = new Set(this.#excluded);
    this.#store.update((state) =>
      state.review ? { ...state, review: { ...state.review, excluded } } : state,
    );
  }

  /**
   * Looks at what is missing, and shows it; at the answers that are missing, where there are such.
   * @param names ids of sections; none: all @throws ProblemError when it can't be looked at
   */
  async review(names: readonly string[]): Promise<void> {
    const asked = sectionsFor(names, this.#sections);
    const { answers, missing, skipped } = await this.#answering.freeze();
    const open = asked.find((section) => section.questions.some((question) => missing.includes(question)));
    if (open) {
      this.#store.update((state) => ({
        ...openForm(state, this.#sections.indexOf(open), []),
        notice: 'Answer these questions first.',
      }));
      return;
    }
    const { host, ledger, product } = this.#session;
    const { found, downloads } = await busy(this.#store, 'Checking what needs to change', async () => {
      const found = await survey(this.#session, asked, names, answers);
      return { found, downloads: await downloadsOf(host, found.planned) };
    });
    this.#found = found;
    const entries = entriesOf(found.planned);
    const planned = new Set(entries.map(({ operation }) => operation));
    const before = this.#store.get().review;
    const shown: ReviewState = {
      names,
      entries,
      departures: departuresAt(found.planned),
      problems: [
        ...(found.unmet ? [{ problem: cleaned(found.unmet) }] : []),
        ...problemsOf(found.planned).map((each) => cleaned(each)),
      ],
      conflicts: conflictsAt(found.planned),
      excluded: new Set(this.#excluded),
      estimate: estimateOf(
        found.nodes,
        planned,
        operationTimes(ledger),
        names.length === 0 ? product.measured : undefined,
      ),
      site: cleaned(siteFacts(answers, skipped)),
      downloads,
      folded: before?.folded ?? new Set(),
      opened: before?.opened ?? new Set(),
      selected: 0,
    };
    this.#store.update((state) => goTo({ ...state, review: shown }, 'review'));
  }

  /** @param names of sections that are looked at first; absent: what the review shows */
  async script(names?: readonly string[]): Promise<void> {
    if (names !== undefined) {
      await this.review(names);
      if (this.#store.get().screen !== 'review') return;
    }
    const found = this.#found;
    if (found === undefined) {
      this.#store.set({ notice: 'Open the review first (Enter): the script contains its changes.' });
      return;
    }
    for (let number = 1; number < 100; number += 1) {
      const file = path.resolve(`studio-setup${number === 1 ? '' : `-${number}`}.sh`);
      try {
        await writeFile(file, scriptOf(found, this.#sections, this.#answering.collected.answers), {
          flag: 'wx',
          mode: 0o600,
        });
        this.#store.set({ notice: `Script written: ${file}` });
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}
