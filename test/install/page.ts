import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** @param page name of a file in docs/ @returns the lines of its code blocks that name no language: what the reader is to type */
export async function commandsOf(page: string): Promise<readonly string[]> {
  return (await blocksOf(page)).flatMap(({ language, text }) =>
    language === '' ? text.split('\n').filter((line) => line.trim() !== '') : [],
  );
}

/** @returns by their names the files that the page shows: each begins with its name as a comment */
export async function filesOf(page: string): Promise<ReadonlyMap<string, string>> {
  const named = (await blocksOf(page)).flatMap(({ text }): [string, string][] => {
    const name = /^# ([\w./-]+\.\w+)\n/.exec(text)?.[1];
    return name === undefined ? [] : [[name, text]];
  });
  return new Map(named);
}

async function blocksOf(
  page: string,
): Promise<readonly { readonly language: string; readonly text: string }[]> {
  const markdown = await readFile(path.join(import.meta.dirname, '..', '..', 'docs', page), 'utf8');
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}
