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
