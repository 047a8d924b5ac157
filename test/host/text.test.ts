import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText } from '../../src/host/files.ts';
import { decoded } from '../../src/host/text.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-text-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();

describe('text that is not UTF-8', () => {
  it.each([
    ['Latin-1', Buffer.from('server {\n# für Ada\n}', 'latin1'), 'Latin-1', 2, 'ISO-8859-1'],
    ['Windows-1252', Buffer.from('# \x93quoted\x94\n', 'latin1'), 'Windows-1252', 1, 'WINDOWS-1252'],
    ['UTF-16 with a mark', utf16le('\ufeffdomain: x\n'), 'UTF-16 (little', 1, 'UTF-16'],
    ['UTF-16 of the other order', utf16be('\ufeffdomain: x\n'), 'UTF-16 (big', 1, 'UTF-16'],
    ['UTF-16 without a mark', utf16le('domain: x\n'), 'UTF-16 (little', 1, 'UTF-16LE'],
    ['UTF-16 of the other order without', utf16be('domain: x\n'), 'UTF-16 (big', 1, 'UTF-16BE'],
    ['a cut-off character', Buffer.from('a\nb\nü').subarray(0, -1), 'Latin-1', 3, 'ISO-8859-1'],
    ['an overlong form', Buffer.from([0x2f, 0xc0, 0xaf]), 'Latin-1', 1, 'ISO-8859-1'],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x00]), 'no text', 1, undefined],
  ])('%s is refused, and its encoding named', async (_case, bytes, encoding, line, iconv) => {
    const result = decoded(bytes);
    expect(result).toMatchObject({ encoding: expect.stringContaining(encoding), line, iconv });
    const file = path.join(folder, 'conf');
    await writeFile(file, bytes);
    expect(() => readText(file)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          what: expect.stringContaining(`${file} is not UTF-8 (line ${line})`),
          remedy: expect.stringContaining(iconv === undefined ? `file ${file}` : `iconv -f ${iconv}`),
        }),
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['plain', 'a\n'],
    ['accents', 'für Ünal\r\n'],
    ['a mark', '\ufeffdomain: x\n'],
    ['emoji', '🎬'],
    ['a sign that stands for what could not be read', '\ufffd'],
  ])('%s is taken byte for byte', async (_case, text) => {
    const file = path.join(folder, 'conf');
    await writeFile(file, text);
    expect(Buffer.from(readText(file) ?? 'x')).toEqual(Buffer.from(text));
  });

  it('what a process calls itself is never refused', async () => {
    expect(readText('/proc/self/cmdline')).toContain('node');
  });
});
