import { describe, expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { applies } from '../../src/answers/applies.ts';
import type { Question } from '../../src/answers/question.ts';
import { collect } from '../../src/app/collect.ts';

const domain: Question = { id: 'domain', label: 'Domain', help: '', kind: 'text' };
const hanging: Question = {
  id: 'key',
  label: 'Key',
  help: '',
  kind: 'text',
  when: (answers) => answers.text('domain').startsWith('cdn.'),
};

describe('a question that hangs on another', () => {
  it('is asked when that one is answered so', () => {
    expect(applies(hanging, new Answers().with('domain', 'cdn.example.org', 'asked'))).toBe(true);
    expect(applies(hanging, new Answers().with('domain', 'example.org', 'asked'))).toBe(false);
  });

  it('is not asked, and breaks nothing, while that one is missing', async () => {
    const section = {
      id: 'site',
      title: 'Site',
      heading: '',
      summary: '',
      needs: [],
      questions: [domain, hanging],
      operations: () => [],
    };
    const none = { file: new Map(), host: new Map(), saved: new Map() };
    expect((await collect([section], none)).missing).toEqual([domain]);
  });
});
