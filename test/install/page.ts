import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** @param page name of a file in docs/ @returns the lines of its code blocks that name no language: what the reader is to type */
export async function commandsOf(page: string): Promise<readonly string[]> {
  const markdown = await readFile(path.join(import.meta.dirname, '..', '..', 'docs', page), 'utf8');
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, language, block = '']) =>
    language === '' ? block.split('\n').filter((line) => line.trim() !== '') : [],
  );
}
