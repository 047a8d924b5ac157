import type { Question } from '../answers/question.ts';
import { settingQuestion } from '../answers/setting-question.ts';
import { redactedExcerpt } from '../python/excerpt.ts';
import type { SettingPath, SettingsFile } from '../python/settings-file.ts';
import { isBytes } from '../python/value.ts';
import { integrations } from './integrations.ts';
import { standing } from './standing.ts';

/** What the product sets or makes by itself; a second database, or another key of this kind, is nobody's but the operator's. */
const OWN =
  /^(SECRET_KEY|ALLOWED_HOSTS|DATABASES\.default\.(NAME|USER|PASSWORD|HOST|PORT)|MEILISEARCH_(PUBLIC_KEY|PRIVATE_KEY|API_ADDRESS))$/;

/** @param name `MEILISEARCH_PUBLIC_KEY` @returns whether a section that comes after the settings' sets it */
export function isOfSearch(name: string): boolean {
  return OWN.test(name) && name.startsWith('MEILISEARCH_');
}

/** Lines of comment that are shown above a placeholder. */
const COMMENT_LINES = 3;

/** @returns a question for each placeholder that no integration knows, with what stands around it */
export function placeholderQuestions(file: SettingsFile): readonly Question[] {
  const known = new Set(integrations.flatMap(({ paths }) => paths.map((path) => path.join('.'))));
  const found = new Map<string, Question>();
  for (const { path, line, overridden } of file.placeholders()) {
    const name = path.join('.');
    if (overridden || known.has(name) || OWN.test(name)) continue;
    const question = isText(file, path) ? settingQuestion(path, around(file.source, line)) : undefined;
    if (question !== undefined) found.set(question.id, question);
  }
  return [...found.values()];
}

/** What is put together, or is an item of a list, can only be changed in the file itself; the doctor names it. */
function isText(file: SettingsFile, path: SettingPath): boolean {
  const stands = standing(file, path);
  return stands.kind === 'literal' && (typeof stands.value === 'string' || isBytes(stands.value));
}

/** The comment above it, and its own line with nothing of its values: another one's secret may stand in it. */
function around(source: string, line: number): string {
  const lines = source.split(/\r?\n/);
  const comments: string[] = [];
  for (let at = line - 2; at >= 0 && comments.length < COMMENT_LINES; at -= 1) {
    const text = (lines[at] ?? '').trim();
    if (!text.startsWith('#')) break;
    comments.unshift(text);
  }
  const own = lines[line - 1] ?? '';
  const remark = /#[^'"]*$/.exec(own)?.[0] ?? '';
  return [`Line ${line}:`, ...comments, `${redactedExcerpt(own)} ${remark}`.trim()].join(' ');
}
