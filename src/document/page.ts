/** Stands at the head of every page that `npm run docs` writes. */
export const GENERATED = 'Made by `npm run docs` from the code: edit `steps/` or `src/`, not this page.';

/** @returns a Markdown table; what Markdown or HTML would take for their own in cells is made harmless */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** @returns `text` as inline code */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
