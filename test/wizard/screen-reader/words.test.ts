import { describe, expect, it } from 'vitest';
import { line, span } from '../../../src/wizard/kit/line.ts';
import { itemOf, itemsOf } from '../../../src/wizard/shell/screen-reader/item.ts';
import { inScreenReaderWords, keyWords } from '../../../src/wizard/shell/screen-reader/words.ts';

describe('a line of a screen, in words', () => {
  it.each([
    ['✓ nginx answers', 'Done: nginx answers'],
    ['  ✗ Site › migrate  ', 'Failed: Site, migrate'],
    ['⠹ Being tried …', 'Working: Being tried'],
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

  it('what is selected, and what is open', () => {
    expect(itemOf([span('›'), span('▾ '), span('Site')])).toEqual({
      text: 'Site',
      role: 'listitem',
      states: ['selected', 'expanded'],
    });
    expect(itemsOf([line('› Yes'), line('  No')])).toEqual([
      { text: 'Yes', role: 'listitem', states: ['selected'] },
      { text: 'No', role: 'listitem' },
    ]);
  });

  it('a difference', () => {
    expect(itemOf(line('+  listen 443;', 'good')).text).toBe('Added:   listen 443;'.replace('   ', ', '));
    expect(itemOf(line('-old', 'bad')).text).toBe('Removed: old');
    expect(itemOf(line('@@ -12,3 +12,4 @@', 'dim')).text).toBe('From line 12');
  });

  it('keys', () => {
    expect(keyWords('↑ ↓')).toBe('Up or Down');
    expect(keyWords('?')).toBe('question mark');
  });
});
