import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';

export interface Proof extends Pick<Operation, 'id' | 'title'> {
  /** Absolute paths: while a plan will still write one of them, there is nothing to prove yet. */
  readonly after: readonly string[];
  /** @returns what is wrong, `undefined` when it is proved */
  readonly wrong: (host: Host) => Promise<string | undefined>;
  readonly remedy: string;
}

/** Shows that the site is as it was to become; changes nothing. A procedure ends with one before it forgets the old. */
export function proof(wanted: Proof): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    async observe(host) {
      if (wanted.after.some((path) => host.willChange(path)))
        return { later: 'after the change', summary: wanted.title, shell: [], proves: true };
      const wrong = await wanted.wrong(host);
      if (wrong === undefined) return undefined;
      throw new ProblemError({ what: wrong, remedy: wanted.remedy });
    },
  };
}
