import type { Answers } from '../answers/answers.ts';
import type { Host } from '../host/host.ts';
import { namesOf } from './names.ts';

/**
 * As a load balancer asks nginx of this server for a visitor who came over HTTPS.
 * @returns what is wrong with the answer, as a clause; `undefined` when a page came
 */
export async function silentToBalancers(host: Host, answers: Answers): Promise<string | undefined> {
  const [domain] = namesOf(answers);
  const { status, error } = await host.request(`http://${domain}/`, {
    address: '127.0.0.1',
    headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '127.0.0.1' },
    timeoutMs: 10_000,
  });
  return status >= 200 && status < 400
    ? undefined
    : `http://${domain}/ at 127.0.0.1 returned ${error ?? `HTTP ${status}`}`;
}
