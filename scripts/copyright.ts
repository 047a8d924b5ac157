import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What Debian calls a license that SPDX calls otherwise (copyright-format/1.0, "License specification"). */
const DEBIAN_NAMES: Readonly<Record<string, string>> = { MIT: 'Expat' };

/** `Copyright (c) 2020 Somebody`, not a sentence that begins with the word. */
const HOLDER = /^(?:copyright\s*(?:\(c\)|©)|copyright(?=.*\d{4})|©|\(c\)(?=.*\d{4}))[\s:,]*(.*)/i;

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/**
 * What Debian has in a package's `copyright`: who may do what with the program and with each thing that is built into it
 * (copyright-format/1.0).
 * @param folders of the npm packages that are built in, Node's among them: absolute paths
 * @throws Error when one has no package.json, or brings no text of a license that is not this program's own
 */
export async function copyrightText(folders: readonly string[]): Promise<string> {
  const root = path.join(import.meta.dirname, '..');
  const own = await readFile(path.join(root, 'LICENSE'), 'utf8');
  const paragraphs = [
    [
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
      'Upstream-Name: studio-setup',
      'Comment: The program has the npm packages below built in. Each is named as the folder that npm installs it in.',
    ],
    ['Files: *', ...licensed(own, 'MIT', 'studio-setup contributors')],
  ];
  for (const folder of folders) {
    const { name, version, license = 'unknown', author } = await packageOf(folder);
    const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(each));
    if (file === undefined && license !== 'MIT')
      throw new Error(`${name} ${version} is under ${license}, and brings no text of it.`);
    const text = file === undefined ? withoutHolder(own) : await readFile(path.join(folder, file), 'utf8');
    const holder = typeof author === 'string' ? author : author?.name;
    paragraphs.push([
      `Files: ${path.relative(root, folder)}/*`,
      ...licensed(text, license, holder ?? `the authors of ${name}`),
      `Comment: ${name} ${version}`,
    ]);
  }
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** @param folder of an npm package: absolute path */
export async function packageOf(folder: string): Promise<PackageJson> {
  return JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** The fields for a text; the holders are those that it names. */
function licensed(text: string, spdx: string, holder: string): readonly string[] {
  const named = text
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line) => HOLDER.exec(line)?.[1] ?? []);
  const holders = named.length === 0 ? [holder] : [...new Set(named)];
  const [first, ...others] = holders;
  return [
    `Copyright: ${first}`,
    ...others.map((each) => ` ${each}`),
    `License: ${DEBIAN_NAMES[spdx] ?? spdx}`,
    ...text
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => (line.trim() === '' ? ' .' : ` ${line}`)),
  ];
}

/** Of a package that names the MIT license and brings no text of it. */
function withoutHolder(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('Copyright'))
    .join('\n');
}
