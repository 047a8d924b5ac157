import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Options } from '../app/options.ts';
import type { Product } from '../app/product.ts';
import { departuresIn, departuresPage } from '../document/departures.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';

/** Lists where the product knowingly does other than the document, made from the operations themselves. */
export async function departuresCommand(
  product: Product,
  options: Options,
  markdown: boolean,
): Promise<ExitCode> {
  const sections = await product.sections();
  const found = departuresIn(sections);
  if (options.json) {
    for (const { section, departure } of found)
      writeRecord({ type: 'departure', ...{ section: section.id, ...departure } });
  } else if (markdown) print(departuresPage(sections).trimEnd());
  else {
    for (const { section, departure } of found) {
      print(
        `≠ ${styled('bold', departure.id)}  ${section.title}`,
        ...wrap(departure.document, { first: '  The document: ', rest: '    ' }),
        ...wrap(departure.instead, { first: '  Instead: ', rest: '    ' }),
        ...wrap(departure.why, { first: '  Why: ', rest: '    ' }),
        '',
      );
    }
  }
  return EXIT.asWanted;
}
