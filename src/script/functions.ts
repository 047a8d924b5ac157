import { template } from '../../templates/index.ts';

/** A function of bash, with the comment above it. */
interface BashFunction {
  readonly name: string;
  readonly text: string;
}

function all(): readonly BashFunction[] {
  return template('script/functions.sh')
    .trim()
    .split(/\n\n(?=# )/)
    .map((text) => ({ name: /^(\w+)\(\) \{$/m.exec(text)?.[1] ?? '', text }));
}

/** @returns the functions that these lines call, and those that these call, as they stand in the file */
export function functionsFor(lines: readonly string[]): readonly string[] {
  const functions = all();
  const wanted = new Set<BashFunction>();
  const visit = (text: string): void => {
    for (const each of functions) {
      if (wanted.has(each) || !new RegExp(`\\b${each.name}\\b`).test(text)) continue;
      wanted.add(each);
      visit(each.text.replaceAll(/^#.*$/gm, ''));
    }
  };
  visit(lines.filter((line) => !line.startsWith('#')).join('\n'));
  return functions.filter((each) => wanted.has(each)).map(({ text }) => text);
}
