import { installsWith } from '../install/version.ts';

// 0.25.2, for which the site was written, is what test/install/install.test.ts installs.
installsWith('0.24.0');
installsWith('0.26.1');
// No digest is given, as of most releases none is known: the operator said to take the file as it comes.
installsWith('0.28.1', {
  without: ['meilisearch.sha256'],
  extra: { 'meilisearch.trust': 'first-download' },
});
installsWith('0.30.5');
installsWith('1.12.8');
installsWith('1.14.0');
installsWith('1.50.0');
