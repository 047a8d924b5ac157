import type { Question } from '../answers/question.ts';
import { mailAddress } from '../site/mail-address.ts';

/** Who gets the test message. By itself: the wizard asks before it loads what sends one. */
export const RECIPIENT: Question = {
  id: 'address',
  label: 'Recipient',
  help: 'The e-mail address that gets the test message. The site sends it with the same settings as all its e-mail.',
  kind: 'text',
  validate: mailAddress,
};
