import { Command, type ErrorOptions } from 'commander';
import { HelpText } from './help-text.ts';
import { refusalOf } from './refusal.ts';

/** commander's command, with the product's words for what was typed wrong, and for the help. */
export class CommandLine extends Command {
  override createCommand(name?: string): CommandLine {
    return new CommandLine(name);
  }

  override createHelp(): HelpText {
    return new HelpText();
  }

  /** Called by commander for all that was typed wrong. @throws UsageError always */
  override error(message: string, { code }: ErrorOptions = {}): never {
    throw refusalOf(this, message, code);
  }
}
