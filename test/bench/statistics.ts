/**
 * @returns the middle one of the values, or the mean of the two in the middle
 * @throws {RangeError} when there are none
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('No values have no median');
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/**
 * @param part 0 to 1; 0.99: all but the slowest hundredth are not above it
 * @throws {RangeError} when there are no values
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('No values have no percentile');
  return value;
}
