import { describe, expect, it } from 'vitest';
import { inScreenReaderWords, keyWords } from '../../../src/wizard/shell/screen-reader/words.ts';

describe('a line of a screen, in words', () => {
  it.each([
    ['✓ nginx answers', 'Done: nginx answers'],
    ['  ✗ Site › migrate  ', 'Failed: Site, migrate'],
    ['⠹ Testing …', 'Working: Testing'],
    ['○ Not set up: AWS', 'Not set up: AWS'],
    ['· Look at the site', 'Look at the site'],
    ['  ↓ 12 more', '12 more below'],
    ["a.conf  ≠  can't be undone", "a.conf, (other than the document says), can't be undone"],
    ['$ nginx -t', 'Command: nginx -t'],
    ['──────', ''],
    ['•••••', '(hidden)'],
  ])('%s', (text, words) => {
    expect(inScreenReaderWords(text)).toBe(words);
  });

  it('keys', () => {
    expect(keyWords('↑ ↓')).toBe('Up or Down');
    expect(keyWords('?')).toBe('question mark');
  });
});
