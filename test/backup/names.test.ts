import { describe, expect, it } from 'vitest';
import { accept } from '../../src/answers/values.ts';
import { archiveName, parseArchiveName } from '../../src/backup/places.ts';
import { RECIPIENT } from '../../src/backup/recipient.ts';
import { redactor } from '../../src/output/redaction.ts';

describe('the name of an archive', () => {
  it('tells whose it is and when it was made', () => {
    const name = archiveName({ domain: 'studio.example.org', made: '2026-11-29T14:05:09.123Z' });
    expect(name).toBe('blender-studio-studio.example.org-20261129T140509Z.tar.age');
    expect(parseArchiveName(name)).toEqual({ domain: 'studio.example.org', made: '2026-11-29T14:05:09Z' });
  });

  it.each([
    'notes.txt',
    'blender-studio-x-20261129T140509Z.tar.age.partial',
    'blender-studio-a/b-20261129T140509Z.tar.age',
  ])('is not %s', (name) => expect(parseArchiveName(name)).toBeUndefined());
});

describe('a recipient', () => {
  it.each([
    `age1${'q'.repeat(58)}`,
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)} ada@example.org`,
  ])('is %s', (value) => expect(accept(RECIPIENT, value)).toEqual({ value }));

  it.each([
    ['a short one', 'age1qqq', /^This is not a public key/],
    ['a name', 'ada@example.org', /^This is not a public key/],
    ['a line more', `age1${'q'.repeat(58)}\nage1`, /one line/],
  ])('is not %s', (_, value, said) =>
    expect(accept(RECIPIENT, value)).toEqual({ refused: expect.stringMatching(said) }),
  );

  it('is not the private key, which is then masked wherever it would be shown', () => {
    const secret = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;
    expect(accept(RECIPIENT, secret)).toEqual({ refused: expect.stringMatching(/^This is the private key/) });
    expect(redactor.redact(`typed: ${secret}`)).not.toContain(secret);
  });
});
