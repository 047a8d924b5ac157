import { describe, expect, it } from 'vitest';
import { explainAccess } from '../../src/operations/git-causes.ts';

const url = 'git@git.example.org:site.git';
const told = (stderr: string) => {
  const cause = explainAccess(url, { stderr });
  return cause === undefined ? 'not known' : `${cause.what ?? ''} ${cause.remedy}`;
};

/** Lines as git 2.39 and OpenSSH 9.2 print them; those with 127.0.0.1 and nonexistent.invalid were seen. */
describe('a cause is told by a whole line', () => {
  it.each([
    [
      'git@git.example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.',
      'deploy key',
    ],
    [
      'ssh: connect to host git.example.org port 22: Connection timed out',
      "can't be reached: connect to host",
    ],
    ['git@git.example.org: Permission denied (publickey,password).', 'deploy key'],
    ['ERROR: Repository not found.\nfatal: Could not read from remote repository.', 'deploy key'],
    ["fatal: could not read Username for 'https://git.example.org': terminal prompts disabled", '.netrc'],
    ["remote: Invalid\nfatal: Authentication failed for 'https://git.example.org/site.git/'", '.netrc'],
    [
      "fatal: unable to access 'https://git.example.org/site.git/': The requested URL returned error: 403",
      '.netrc',
    ],
    ["fatal: repository 'https://git.example.org/site.git/' not found", 'has no repository'],
    [
      "remote: Repository not found.\nfatal: repository 'https://git.example.org/site.git/' not found",
      'has no repository',
    ],
    [
      "fatal: unable to access 'https://git.example.org/site.git/': The requested URL returned error: 502",
      'HTTP 502',
    ],
    [
      "fatal: unable to access 'https://127.0.0.1:9/x.git/': Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server",
      "can't be reached: Failed to connect",
    ],
    [
      "fatal: unable to access 'https://x/': SSL certificate problem: certificate has expired",
      "can't be reached: SSL certificate problem: certificate has expired",
    ],
    [
      'ssh: connect to host 127.0.0.1 port 9: Connection refused\r\nfatal: Could not read',
      "can't be reached: connect to host",
    ],
    [
      'ssh: Could not resolve hostname nonexistent.invalid: Name or service not known',
      "can't be reached: Could not resolve hostname",
    ],
    [
      '@@@\nHost key verification failed.\nfatal: Could not read from remote repository.',
      'differs from the known one',
    ],
    ['fatal: Remote branch nope not found in upstream origin', 'no such branch'],
    [
      "fatal: could not create work tree dir '/var/www/x': Permission denied",
      "can't write /var/www/x as www-data: Permission denied",
    ],
  ])('%s', (stderr, words) => {
    expect(told(stderr)).toContain(words);
  });
});

describe('a word that stands anywhere is no cause', () => {
  it.each([
    'error: cannot open .git/FETCH_HEAD: Permission denied',
    'error: unable to write file deploy/403.html',
    'fatal: cannot run ssh: Permission denied',
    'remote: Counting objects: 403, done.',
    'remote: Repository not found.',
    'fatal: could not read Username for https: terminal prompts disabled',
    'fatal: Could not read from remote repository.',
    'fatal: early EOF',
    'Receiving objects:  40% (403/1007)\rfatal: early EOF',
    'error: could not lock config file /var/www/.gitconfig: Permission denied',
    'fatal: remote error: the publickey service is closed on Sundays',
    'warning: Authentication failed for nobody in particular',
    '',
  ])('%j', (stderr) => {
    expect(told(stderr)).toBe('not known');
  });
});
