import { MAILGUN_BACKEND } from './integrations.ts';
import { SETTINGS } from './layout.ts';

/** What decides whether an integration works, as Django has it after settings.py has run. No value of a key is in it. */
export interface IntegrationsInForce {
  /** By its name (`ANYMAIL.WEBHOOK_SECRET`), each text of settings.py: whether it is there, and no CHANGE_ME. */
  readonly filledIn: Readonly<Record<string, boolean>>;
  /** EMAIL_BACKEND */
  readonly emailBackend: string;
  /** What files of films and training are kept with: DEFAULT_FILE_STORAGE, or STORAGES of newer versions. */
  readonly fileStorage: string;
  /** Whether www-data can read the file that GEOIP2_DB names. */
  readonly countriesReadable: boolean;
  /** BLENDER_ID['BASE_URL'] */
  readonly loginAddress: string;
}

/** An integration that has its keys and does not do what it is there for. */
export interface SwitchedOff {
  readonly group: string;
  readonly wrong: string;
  readonly remedy: string;
}

interface Switch {
  /** Each key by all its names. One that is there tells that the integration is set up; it works with all of them. */
  readonly keys: readonly (readonly string[])[];
  /** What it takes beside its keys. @returns what is wrong with it, and what to do */
  readonly off?: (inForce: IntegrationsInForce) => Omit<SwitchedOff, 'group'> | undefined;
}

const EDIT = `sudo -Hu www-data editor ${SETTINGS}; then: studio-setup restart studio studio-background`;

/** Django's own backends that send nothing (its documentation, "Email backends"). */
export const SENDS_NOTHING = /^django\.core\.mail\.backends\.(console|dummy|filebased|locmem)\./;

const hasS3 = ({ fileStorage }: IntegrationsInForce) => !fileStorage.startsWith('django.core.files.storage.');

const offS3: Switch['off'] = (inForce) =>
  hasS3(inForce)
    ? undefined
    : {
        wrong: `DEFAULT_FILE_STORAGE is ${inForce.fileStorage}: files stay on this server`,
        remedy: `Set it to 'storages.backends.s3boto3.S3Boto3Storage': ${EDIT}`,
      };

/** By the name of its group. What has no `off` works as soon as it has its keys. */
export const SWITCHES: Readonly<Record<string, Switch>> = {
  'Blender ID': {
    keys: [['BLENDER_ID.OAUTH_CLIENT'], ['BLENDER_ID.OAUTH_SECRET']],
    off: ({ loginAddress }) =>
      loginAddress.endsWith('/')
        ? undefined
        : {
            wrong: `BASE_URL is ${loginAddress || 'empty'}, but must end with a slash: logins go to a wrong address`,
            remedy: `Add the slash: ${EDIT}`,
          },
  },
  Braintree: {
    keys: ['merchant_id', 'public_key', 'private_key'].map((key) => [`GATEWAYS.braintree.${key}`]),
  },
  GeoIP: {
    keys: [['GEOIP2_DB']],
    off: ({ countriesReadable }) =>
      countriesReadable
        ? undefined
        : {
            wrong: 'www-data can not read the file that GEOIP2_DB names',
            remedy: `Put the database there, readable by www-data, or change the path: ${EDIT}`,
          },
  },
  reCAPTCHA: { keys: [['GOOGLE_RECAPTCHA_SITE_KEY'], ['GOOGLE_RECAPTCHA_SECRET_KEY']] },
  'AWS S3': { keys: [['AWS_ACCESS_KEY_ID'], ['AWS_SECRET_ACCESS_KEY']], off: offS3 },
  'AWS CloudFront': {
    keys: [['AWS_CLOUDFRONT_KEY_ID'], ['AWS_CLOUDFRONT_KEY']],
    // It signs addresses of files on S3 (django-storages' documentation, "CloudFront Signed URLs").
    off: (inForce) =>
      hasS3(inForce) && inForce.filledIn.AWS_S3_CUSTOM_DOMAIN !== true
        ? {
            wrong: 'AWS_S3_CUSTOM_DOMAIN is empty: addresses are not those of CloudFront, and not signed',
            remedy: `Set it to the domain of the distribution: ${EDIT}`,
          }
        : offS3(inForce),
  },
  Coconut: { keys: [['COCONUT_API_KEY'], ['COCONUT_DECLARED_HOSTNAME']] },
  'Google Analytics': { keys: [['GOOGLE_ANALYTICS_TRACKING_ID']] },
  Mailgun: {
    keys: [
      ['MAILGUN_API_KEY', 'ANYMAIL.MAILGUN_API_KEY'],
      ['MAILGUN_SENDER_DOMAIN', 'ANYMAIL.MAILGUN_SENDER_DOMAIN'],
    ],
    off: ({ emailBackend }) =>
      SENDS_NOTHING.test(emailBackend)
        ? {
            wrong: `EMAIL_BACKEND is ${emailBackend}: no e-mail leaves this server`,
            remedy: `Set it to '${MAILGUN_BACKEND}': ${EDIT}. To try it: studio-setup test-email`,
          }
        : undefined,
  },
};

/** An integration whose keys can stand at an example's value without being set up: these say nothing by themselves. */
const PRESET: ReadonlySet<string> = new Set([
  'COCONUT_DECLARED_HOSTNAME',
  'MAILGUN_SENDER_DOMAIN',
  'ANYMAIL.MAILGUN_SENDER_DOMAIN',
]);

/** @returns the names of the integrations that are set up, whether they work or not */
export function setUp({ filledIn }: IntegrationsInForce): readonly string[] {
  return Object.entries(SWITCHES)
    .filter(([, { keys }]) => keys.flat().some((name) => filledIn[name] === true && !PRESET.has(name)))
    .map(([group]) => group);
}

/** @returns each integration that is set up and does not work, with what is missing or switched off */
export function switchedOff(inForce: IntegrationsInForce): readonly SwitchedOff[] {
  const { filledIn } = inForce;
  return setUp(inForce).flatMap((group) => {
    const { keys = [], off } = SWITCHES[group] ?? {};
    // What this version of the site has under no name is no part of it.
    const missing = keys.filter(
      (names) => names.some((name) => name in filledIn) && !names.some((name) => filledIn[name]),
    );
    if (missing.length > 0) {
      const [first] = missing.map((names) => names.filter((name) => name in filledIn).join(' and '));
      const remedy = 'Give what is missing: studio-setup run settings';
      return [{ group, wrong: `${first} is not filled in`, remedy }];
    }
    const wrong = off?.(inForce);
    return wrong === undefined ? [] : [{ group, ...wrong }];
  });
}
