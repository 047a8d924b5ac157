import path from 'node:path';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

/** The administrator's, by hand. */
export const PASSWORD = 'typed-twice-by-hand';

/** What an operator types into each answer that has the cursor, by its label. */
const ANSWERS: readonly (readonly [label: string, text: string])[] = [
  ['Domain', 'https://studio.example.org/'],
  ['Username', 'francesco'],
  ['E-mail', 'francesco@studio.example.org'],
  ['Password', PASSWORD],
  ['Type it again', PASSWORD],
];

/** @param at the label that has the cursor @returns what is typed there; nothing where Enter takes what is suggested */
export function answerAt(at: string): string | undefined {
  return ANSWERS.find(([label]) => at.includes(label))?.[1];
}

/**
 * Logs in to /admin/ as a browser does.
 * @param folder where the cookies are
 * @returns whether the site took the password
 */
export async function logsIn(
  host: Rehearsal,
  folder: string,
  username: string,
  password: string,
): Promise<boolean> {
  const jar = path.join(folder, 'cookies');
  const login = 'https://studio.example.org/admin/login/';
  const page = await host.internet.curl('--cookie-jar', jar, '--cookie', jar, login);
  const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page.stdout)?.[1] ?? '';
  const fields = { csrfmiddlewaretoken: token, username, password, next: '/admin/' };
  const form = new URLSearchParams(fields).toString();
  const options = ['--cookie', jar, '--referer', login, '--data', form, '--output', '/dev/null'];
  return (await host.internet.curl(...options, '--write-out', '%{http_code}', login)).stdout === '302';
}
