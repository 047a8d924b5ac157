/**
 * @param version numbers with dots between them: `0.25.2`
 * @param than the same; what one of them leaves out counts as 0
 * @returns whether the first is the same or a later one
 */
export function isAtLeast(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
