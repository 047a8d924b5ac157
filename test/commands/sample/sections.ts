import path from 'node:path';
import type { Operation } from '../../../src/engine/operation.ts';
import type { Section } from '../../../src/engine/section.ts';
import { ProblemError } from '../../../src/output/problem.ts';
import { program, textFile } from './text-file.ts';

/** A host that will do: one without the file that says why not. */
function notBlocked(id: string, file: string): Operation {
  return {
    id,
    title: 'a host that will do',
    async observe(host) {
      const why = await host.read(file);
      if (why === undefined) return undefined;
      throw new ProblemError({ what: why.trim(), remedy: `Remove ${file}, then run again.` });
    },
  };
}

/**
 * A small site below `folder`, with all that sections may have: questions of each kind, an integration, needs, a
 * departure, something that can't be told yet, a program. `folder/program` (a shell script) decides what it does.
 */
export function sampleSections(folder: string): readonly Section[] {
  let tries = 0;
  const at = (name: string) => path.join(folder, name);
  const settings = at('settings.conf');
  const pass = at('pass');
  return [
    {
      id: 'requirements',
      title: 'Requirements',
      heading: 'Requirements',
      summary: 'What everything else stands on.',
      needs: [],
      questions: [],
      operations: () => [
        notBlocked('requirements/host', at('blocked')),
        textFile({
          id: 'requirements/list',
          path: at('requirements.list'),
          content: 'git\nnginx\n',
          after: [],
        }),
      ],
    },
    {
      id: 'site',
      title: 'Site settings',
      heading: 'Working directory › Production settings.py',
      summary: 'The domain, and a key that nobody knows.',
      needs: ['requirements'],
      offers: [
        {
          id: 'pass',
          label: 'Show the pass of this server',
          operations: [
            notBlocked('pass/host', at('shut')),
            textFile({ id: 'pass/file', path: pass, content: 'pass-of-the-sample\n' }),
          ],
          handover: async (host) => ({
            title: 'The pass of this server:',
            text: (await host.read(pass)) ?? '',
            what: 'Give it to the gatekeeper.',
          }),
        },
      ],
      questions: [
        {
          id: 'site.domain',
          label: 'Domain',
          help: 'The name that visitors type.',
          kind: 'text',
          example: 'studio.example.org',
          validate: (value) =>
            /^[a-z0-9.-]+\.[a-z]+$/i.test(value) ? undefined : 'A host name such as studio.example.org.',
          normalise: (value) => value.toLowerCase(),
          current: async (host) => /^domain=(.*)$/m.exec((await host.read(settings)) ?? '')?.[1],
          trial: async (answers, host) => {
            const name = answers.text('site.domain');
            if (name.startsWith('nowhere')) return { ok: false, message: 'That name does not resolve here.' };
            // As what is asked once of a host: DNS that is there a moment later must not stay unseen.
            if (name.startsWith('late') && (await host.once('tries', async () => (tries += 1))) === 1)
              return { ok: false, message: 'That name does not resolve yet.' };
            return name.startsWith('walled') && (await host.read(pass)) === undefined
              ? { ok: false, message: 'That name wants a pass.', offer: 'pass' }
              : { ok: true, message: 'The name resolves to this server.' };
          },
        },
        {
          id: 'site.key',
          label: 'Secret key',
          help: 'Signs the sessions.',
          kind: 'secret',
          generate: () => `key-${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`,
          current: async (host) => /^secret=(.*)$/m.exec((await host.read(settings)) ?? '')?.[1],
        },
        { id: 'site.names', label: 'Further names', help: 'More names.', kind: 'list', default: [] },
        {
          id: 'cdn.key',
          label: 'CDN key',
          help: 'A PEM key.',
          kind: 'multiline-secret',
          group: 'CDN',
          skippable: 'Videos are not protected.',
          when: (answers) => answers.text('site.domain').startsWith('cdn.'),
          validate: (value) => (value.includes('-----END ') ? undefined : 'It has no end.'),
        },
        {
          id: 'braintree.merchant',
          label: 'Merchant',
          help: 'From the Braintree control panel.',
          kind: 'text',
          group: 'Braintree',
          skippable: 'Nobody can pay for a subscription.',
        },
        {
          id: 'braintree.key',
          label: 'Private key',
          help: 'From the Braintree control panel.',
          kind: 'secret',
          group: 'Braintree',
        },
      ],
      operations: (answers) => [
        textFile({
          id: 'site/settings',
          path: settings,
          content: `domain=${answers.text('site.domain')}\nnames=${answers.list('site.names').join(' ')}\nmerchant=${answers.optionalText('braintree.merchant') ?? ''}\n`,
          secret: answers.secret('site.key'),
          more: answers.optionalSecret('cdn.key'),
          departure: {
            id: 'settings-mode',
            document: 'cp studio/settings.example.py studio/settings.py',
            instead: 'The file is readable by its owner only.',
            why: 'It holds the key of every session.',
          },
        }),
      ],
    },
    {
      id: 'tasks',
      title: 'Background tasks',
      heading: 'Background tasks',
      summary: 'What happens outside of requests.',
      needs: ['site'],
      questions: [],
      operations: () => [
        textFile({
          id: 'tasks/unit',
          path: at('tasks.unit'),
          content: 'ExecStart=true\n',
          needsPath: settings,
        }),
        program('tasks/work', at('worked'), ['/bin/sh', at('program')]),
      ],
    },
  ];
}
