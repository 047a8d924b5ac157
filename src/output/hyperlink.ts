import { outputMode } from './output-mode.ts';

/** Terminals that say themselves by TERM, and take links ("Hyperlinks in terminal emulators", its list of them). */
const BY_TERM = /^(xterm-kitty|xterm-ghostty|alacritty|foot|wezterm|contour)/;
const BY_PROGRAM = new Set(['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'rio']);

/**
 * Whether the terminal takes OSC 8. One that does not would show the sequence or swallow the text, so an unknown one gets none.
 * @param terminal whether standard output is one
 */
export function takesLinks(
  env: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
  lines = outputMode.lines,
): boolean {
  if (!terminal || lines) return false;
  // VTE before 0.50 crashed on them.
  if (Number(env.VTE_VERSION ?? 0) >= 5000 || Number(env.KONSOLE_VERSION ?? 0) >= 201_200) return true;
  return (
    env.WT_SESSION !== undefined || BY_PROGRAM.has(env.TERM_PROGRAM ?? '') || BY_TERM.test(env.TERM ?? '')
  );
}

/** @param address of plain characters, as `URL` writes them @returns it as a link where the terminal takes one, else as it is */
export function hyperlink(address: string): string {
  return takesLinks(process.env, process.stdout.isTTY === true) ? linkTo(address) : address;
}

/** @returns an address as OSC 8 has it: it is the text, and where the text leads */
export function linkTo(address: string): string {
  return `\u001b]8;;${address}\u001b\\${address}\u001b]8;;\u001b\\`;
}
