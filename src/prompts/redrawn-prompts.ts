/** The prompts of a terminal that can be drawn in again. By name: the bundle then leaves the other ones out. */
export { confirm, input, password, select } from '@inquirer/prompts';
