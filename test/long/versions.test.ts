import { installsWith } from '../install/version.ts';

installsWith('0.30.5');
