/** So many letters of a word are enough to mean it. */
const ENOUGH = 3;

/**
 * @returns the known word that `typed` most likely meant, `undefined` when none is near: the one that begins so, else at
 *   most one mistake in three letters
 */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const begun = typed.length < ENOUGH ? [] : known.filter((word) => word.startsWith(typed));
  if (begun.length === 1) return begun[0];
  const limit = Math.max(2, Math.floor(typed.length / 3));
  let best: { word: string; mistakes: number } | undefined;
  for (const word of known) {
    const mistakes = distance(typed, word);
    if (mistakes <= limit && (best === undefined || mistakes < best.mistakes)) best = { word, mistakes };
  }
  return best?.word;
}

/** @returns ` Did you mean …?` behind the sentence that refuses `typed`, nothing when no known word is near */
export function didYouMean(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swapped = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
