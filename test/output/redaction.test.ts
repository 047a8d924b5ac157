import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/output/redaction.ts';
import { Secret } from '../../src/output/secret.ts';

const value = `p'a"ss\\word/with %odd& ${'characters'}`;
const pem = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEpAIBAAKCAQEAnotARealKeyAtAll0123456789abcdefghijklmnopqrstuv',
  'QnotARealKeyEither0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ',
  '-----END RSA PRIVATE KEY-----',
].join('\n');

describe('a secret', () => {
  const secret = new Secret(value);
  it.each([
    ['in a template string', `${secret}`],
    ['joined', ['x', secret].join()],
    ['in JSON', JSON.stringify({ secret })],
    ['inspected', inspect({ secret }, { depth: 9, showHidden: true })],
    ['in an error', new Error(`bad: ${secret}`).stack ?? ''],
  ])('%s is masked', (_, text) => {
    expect(text).toContain('••••');
    expect(text).not.toContain(value);
  });

  it('is only given out by reveal', () => {
    expect(secret.reveal()).toBe(value);
  });
});

describe('the funnel', () => {
  new Secret(value);
  new Secret(pem);

  it.each([
    ['as it is', value],
    ['in a URL', encodeURIComponent(value)],
    ['in a JSON string', JSON.stringify(value).slice(1, -1)],
    ['in a Python string', value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")],
    ['in base64', Buffer.from(value).toString('base64')],
    ['as a line of a PEM key', pem.split('\n')[1] ?? ''],
    ['as another line of it', `  ${pem.split('\n')[2]}  `],
    ['the whole key', pem],
    ['the whole key in JSON', JSON.stringify(pem)],
  ])('masks a secret %s', (_, form) => {
    const out = redactor.redact(`before ${form} after`);
    expect(out).toContain('••••');
    expect(out).toMatch(/^before .*after$/s);
    for (const part of [value, form.trim(), ...pem.split('\n').slice(1, 3)]) expect(out).not.toContain(part);
  });

  it('leaves the frame of a key readable, so that one sees what was there', () => {
    expect(redactor.redact('-----BEGIN RSA PRIVATE KEY-----')).toBe('-----BEGIN RSA PRIVATE KEY-----');
  });

  it('does not learn values so short that all output would be masked', () => {
    new Secret('1');
    new Secret('');
    expect(redactor.redact('1 of 10')).toBe('1 of 10');
  });

  it('masks the longer of two secrets that begin alike', () => {
    new Secret('shared-beginning');
    new Secret('shared-beginning-and-more');
    expect(redactor.redact('shared-beginning-and-more')).toBe('••••');
  });
});

describe('a password that is an everyday word', () => {
  new Secret('studio');

  it('is masked where it stands as a value, and leaves the names of files as they are', () => {
    expect(redactor.redact("-'PASSWORD': 'studio',")).toBe("-'PASSWORD': ••••,");
    expect(redactor.redact('postgresql://site:studio@localhost/')).toBe('postgresql://site••••localhost/');
    const path = '/var/www/blender-studio/studio/settings.py';
    expect(redactor.redact(path)).toBe(path);
  });
});
