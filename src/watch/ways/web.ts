import type { Host, HttpAnswer } from '../../host/host.ts';
import type { Secret } from '../../output/secret.ts';
import type { Message } from '../message.ts';
import type { Answered, Way } from '../way.ts';

/** Milliseconds that the other side may take. */
const TIMEOUT_MS = 20_000;
/** Characters of an answer that are shown. */
const SHOWN = 200;

/**
 * A message as JSON, of which these show `text`: Slack and Mattermost (incoming webhooks), Discord ("Execute Slack-Compatible
 * Webhook"), Matrix (matrix-hookshot, setup/webhooks: "If the body contains a text key"), and ntfy with `?tpl=1&m={{.text}}` in
 * its address (message templating, release 2.10.0). The rest is for programs.
 * @param address a secret: whoever knows it can write there
 */
export function webhook(host: Host, address: Secret): Way {
  return {
    name: 'webhook',
    tell: (message) =>
      asked(host, address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'studio-setup' },
        body: JSON.stringify(bodyOf(message)),
      }),
  };
}

function bodyOf({ title, text, site, events }: Message) {
  const dated = events.map(({ at, ...event }) => ({ ...event, at: new Date(at).toISOString() }));
  return { text, title, site, events: dated };
}

/**
 * Says after each round that this server still looks: who is not told for a while raises the alarm, also when the whole
 * server is gone. What a check found is told by the other ways.
 */
export function heartbeat(host: Host, address: Secret): Way {
  return {
    name: 'heartbeat',
    report: () => asked(host, address, { headers: { 'User-Agent': 'studio-setup' } }),
  };
}

async function asked(
  host: Host,
  address: Secret,
  options: NonNullable<Parameters<Host['request']>[1]>,
): Promise<Answered> {
  try {
    return answered(await host.request(address.reveal(), { ...options, timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    // An address that no request can be made of.
    return { ok: false, said: error instanceof Error ? error.message : String(error) };
  }
}

function answered({ status, body, error }: HttpAnswer): Answered {
  if (status === 0) return { ok: false, said: `it does not answer: ${error ?? 'no reason given'}` };
  const words = body.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN);
  return { ok: status >= 200 && status < 300, said: `HTTP ${status}${words === '' ? '' : `: ${words}`}` };
}
