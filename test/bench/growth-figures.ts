/** Medians, seconds: of the time, and of the processor time of all that took part. */
export interface Cost {
  readonly plan: number;
  readonly planCpu: number;
  readonly doctor: number;
  readonly doctorCpu: number;
}

/** What there was more and more of, and what the commands cost then. */
interface Grown {
  readonly what: string;
  readonly sizes: readonly { readonly size: number; readonly cost: Cost }[];
}

export interface GrowthFigures {
  /** Of a host with none of these. */
  readonly none: Cost;
  readonly growths: readonly Grown[];
}

/**
 * @param before cost of the smaller size @param after of the larger one
 * @returns how the slower of the two commands grew, as a part of how the size did: above 1 is worse than linear
 */
export function ofLinear(
  before: { readonly size: number; readonly cost: Cost },
  after: { readonly size: number; readonly cost: Cost },
): number {
  const grew = Math.max(after.cost.plan / before.cost.plan, after.cost.doctor / before.cost.doctor);
  return grew / (after.size / before.size);
}

/** @returns the worst of {@link ofLinear} from any size to the next one */
export function worstOfLinear({ growths }: GrowthFigures): number {
  return Math.max(
    ...growths.flatMap(({ sizes }) =>
      sizes.flatMap((after, index) => {
        const before = sizes[index - 1];
        return before === undefined ? [] : [ofLinear(before, after)];
      }),
    ),
  );
}
