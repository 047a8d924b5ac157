import { isLater, LEAVES_NOTHING } from '../engine/operation.ts';
import type { Planned } from '../engine/plan.ts';
import { departuresOf, problemOfConflict } from '../engine/run.ts';
import { cleaned } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import type { ProblemThere } from '../output/show-problems.ts';

/** One line of a plan as plain data, cleaned: what is drawn, and what `--json` gives out. */
export interface PlanEntry {
  readonly type: 'planned';
  readonly section: string;
  readonly operation: string;
  readonly title: string;
  /** `later`: it can't be told yet. */
  readonly kind: 'create' | 'update' | 'run' | 'later';
  readonly summary: string;
  /** What must land first. */
  readonly after?: string;
  readonly diff?: string;
  readonly shell: readonly string[];
  readonly departures: readonly string[];
  /** Units. */
  readonly starts: readonly string[];
  readonly stops?: readonly string[];
  /** Absolute paths of files that it deletes. */
  readonly removes?: readonly string[];
  readonly restarts: readonly string[];
  readonly reloads: readonly string[];
  readonly irreversible?: string;
  /** It changes nothing: it proves what the changes before it brought about. */
  readonly proves?: true;
}

/** @returns what would change, in the plan's order */
export function entriesOf(planned: readonly Planned[]): readonly PlanEntry[] {
  return planned.flatMap(({ node: { operation, section }, observation }): PlanEntry[] => {
    if (observation === undefined) return [];
    const common = {
      type: 'planned' as const,
      section: section.id,
      operation: operation.id,
      title: operation.title,
      summary: observation.summary,
      shell: observation.shell,
      departures: departuresOf(operation).map(({ id }) => id),
      starts: observation.starts ?? [],
    };
    if (isLater(observation)) {
      const { later: after, proves } = observation;
      const none = { restarts: [], reloads: [], ...(proves ? { proves } : {}) };
      return [cleaned({ ...common, kind: 'later' as const, after, ...none })];
    }
    const { kind, diff, irreversible, stops, removes, restarts = [], reloads = [] } = observation;
    return [
      cleaned({
        ...common,
        kind,
        restarts,
        reloads,
        ...(stops === undefined ? {} : { stops }),
        ...(removes === undefined ? {} : { removes }),
        ...(diff === undefined ? {} : { diff }),
        ...(irreversible === undefined || irreversible === LEAVES_NOTHING ? {} : { irreversible }),
      }),
    ];
  });
}

/** @returns `7 changes, then a proof`: what a run reports afterwards are the changes alone */
export function counted(entries: readonly PlanEntry[]): string {
  const proofs = entries.filter(({ proves }) => proves).length;
  const changes = count(entries.length - proofs, 'change');
  if (proofs === 0) return changes;
  return `${changes}, then ${proofs === 1 ? 'a proof' : `${proofs} proofs`}`;
}

/** @returns ids of the operations that are counted as changes */
export function changesIn(entries: readonly PlanEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ operation, proves }) => (proves ? [] : [operation])));
}

function placeOf({ section, operation }: Planned['node']): Omit<ProblemThere, 'problem'> {
  return { at: `${section.title} › ${operation.title}`, section: section.id };
}

/** @returns what keeps the plan from being carried out */
export function problemsOf(planned: readonly Planned[]): readonly ProblemThere[] {
  return planned.flatMap(({ node, problem }) =>
    problem === undefined ? [] : [{ ...placeOf(node), problem }],
  );
}

/** @returns files of the operator's that would be overwritten, with the difference */
export function conflictsOf(planned: readonly Planned[]): readonly ProblemThere[] {
  return planned.flatMap(({ node, observation }) =>
    observation === undefined || isLater(observation) || observation.conflict === undefined
      ? []
      : [
          {
            ...placeOf(node),
            problem: problemOfConflict(observation.conflict),
          },
        ],
  );
}
