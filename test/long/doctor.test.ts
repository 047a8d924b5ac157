import { afterAll, beforeAll, test } from 'vitest';
import { firstOfEach } from '../install/faults/fault.ts';
import { faults as ofServices } from '../install/faults/services.ts';
import { faults as ofSite } from '../install/faults/site.ts';
import { trial } from '../install/faults/trial.ts';
import { writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

let host: Rehearsal;
beforeAll(async () => {
  host = await startRehearsal();
  await writeAnswers(host);
  await installProduct(host, console.log);
  console.log(await new Operator(host).run());
});
afterAll(() => host?.stop());

const others = [ofServices, ofSite].flatMap((faults) =>
  faults.filter((each) => !firstOfEach(faults).includes(each)),
);

// The first of each check are in test/install.
test.each(others)('$name', (fault) => trial(host, fault));
