/** @returns a label as the beginning of a paragraph */
export function sentence(label: string): string {
  return /[.?!]$/.test(label) ? label : `${label}.`;
}
