import { expect } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { Operation } from '../../src/engine/operation.ts';
import { SITE_USER, VENV } from '../../src/site/layout.ts';
import {
  BROUGHT,
  PIP,
  PYTHONS,
  PYUWSGI,
  SETUPTOOLS,
  SYSTEM_PYTHON,
  UV_FOLDER,
} from '../../src/site/python.ts';
import { sections } from '../../steps/index.ts';

const answers = exampleAnswers(sections);
const all = sections.flatMap((section) => section.operations(answers));
/** @returns an operation of the product, by its id */
export function operation(id: string): Operation {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(`There is no operation ${id}`);
  return found;
}

export const asSite = (command: string) => `sudo -Hu ${SITE_USER} ${command}`;
/** The commands that bring a Python, in order. */
export const BRINGS = [
  `virtualenv --quiet -p ${SYSTEM_PYTHON} ${UV_FOLDER}`,
  `${UV_FOLDER}/bin/python -m pip install --no-input --quiet --require-hashes --no-deps --only-binary=:all: --requirement ${BROUGHT}/uv.txt`,
  `${UV_FOLDER}/bin/uv python install 3.11 --install-dir ${PYTHONS} --no-bin --no-cache --no-progress`,
  `chmod -R go-w ${PYTHONS}`,
];
/** Puts back the bit by which new files get the folder's group. */
export const INHERIT = expect.stringMatching(
  new RegExp(`^sudo -Hu ${SITE_USER} find ${VENV}/ .*chmod g\\+s`),
);
export const PINS = [
  asSite(`${VENV}/bin/python -m pip install --no-input pip==${PIP} setuptools==${SETUPTOOLS}`),
  INHERIT,
];
export const PYUWSGI_INSTALL = [
  asSite(`${VENV}/bin/python -m pip install --no-input pyuwsgi==${PYUWSGI}`),
  INHERIT,
];
