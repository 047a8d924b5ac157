import { installsWith } from './version.ts';

// 0.25.2, for which the site was written, is what install.test.ts installs; 0.30.5 takes its turn in the long tests.
installsWith('1.50.0');
