import { describe, expect, it } from 'vitest';
import { namedFile } from '../../../src/wizard/state/named-file.ts';

const remedy = 'Fix it, then run again.';

describe('the file that a problem is about', () => {
  it.each([
    [
      'nginx: [emerg] unexpected "}" in /etc/nginx/sites-enabled/studio.conf:12',
      '/etc/nginx/sites-enabled/studio.conf',
    ],
    [
      'File "/var/www/blender-studio/studio/settings.py", line 3',
      '/var/www/blender-studio/studio/settings.py',
    ],
    ['/etc/systemd/system/studio.service was edited by hand.', '/etc/systemd/system/studio.service'],
    ['in /etc/nginx/sites-enabled/default:3', '/etc/nginx/sites-enabled/default'],
  ])('%s', (what, file) => expect(namedFile({ what, remedy })).toBe(file));

  it.each([
    'https://example.org/etc/a.conf does not answer.',
    'The program /usr/bin/python3.11 failed.',
    'Log: /var/log/studio-setup/run-0001.log',
    'No space left in /var/www',
    'and/or.this',
  ])('%s: none', (what) => expect(namedFile({ what, remedy })).toBeUndefined());

  it('is found in the last words too, after what happened', () => {
    expect(namedFile({ what: 'It failed.', remedy, detail: ['one', 'see /etc/uwsgi/a.ini'] })).toBe(
      '/etc/uwsgi/a.ini',
    );
  });
});
