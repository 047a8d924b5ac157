import { describe, expect, test } from 'vitest';
import {
  addUnitValue,
  commentOutUnitValue,
  removeUnitValue,
  setUnitValue,
  unitDirectives,
  unitValues,
} from '../../src/configs/unit.ts';

const UNIT = `# A service
[Unit]
Description = The site
After=a.target

[Service]
; old: ExecStart=/bin/false
ExecStart=/bin/echo one \\
  # a remark among the arguments
  two \\
  three
Environment=A=1
Environment=
Environment=B=2
  Environment=C=3
Restart=always

[Install]
WantedBy=multi-user.target
`;

describe('reading', () => {
  test('joins continued lines and skips remarks among them', () => {
    const [value = ''] = unitValues(UNIT, 'Service', 'ExecStart');
    expect(value.split(/\s+/)).toEqual(['/bin/echo', 'one', 'two', 'three']);
  });

  test('an empty assignment takes back the earlier ones', () => {
    expect(unitValues(UNIT, 'Service', 'Environment')).toEqual(['B=2', 'C=3']);
    expect(unitDirectives(UNIT).filter(({ key }) => key === 'Environment')).toHaveLength(4);
  });

  test('keeps sections apart', () => {
    expect(unitValues(UNIT, 'Unit', 'Description')).toEqual(['The site']);
    expect(unitValues(UNIT, 'Service', 'Description')).toEqual([]);
  });

  test('a backslash that is itself escaped continues nothing', () => {
    expect(unitValues('[Service]\nA=x\\\\\nB=y\n', 'Service', 'B')).toEqual(['y']);
  });

  test('an unfinished continuation ends with the file', () => {
    expect(unitValues('[Service]\nA=x\\', 'Service', 'A')).toEqual(['x']);
  });
});

describe('editing', () => {
  test('sets one value and leaves one assignment', () => {
    expect(setUnitValue(UNIT, 'Service', 'Restart', 'no')).toBe(UNIT.replace('Restart=always', 'Restart=no'));
    expect(setUnitValue(UNIT, 'Unit', 'Description', 'X')).toBe(UNIT.replace('The site', 'X'));
    const single = setUnitValue(UNIT, 'Service', 'Environment', 'D=4');
    expect(single).toBe(
      UNIT.replace('Environment=A=1\nEnvironment=\nEnvironment=B=2\n', '').replace('C=3', 'D=4'),
    );
  });

  test('replaces all lines of a continued value', () => {
    const edited = setUnitValue(UNIT, 'Service', 'ExecStart', '/bin/true');
    expect(edited).toContain('ExecStart=/bin/true\nEnvironment=A=1\n');
    expect(edited).not.toContain('three');
  });

  test('adds at the end of the section, or with a new one', () => {
    expect(addUnitValue(UNIT, 'Service', 'User', 'www-data')).toBe(
      UNIT.replace('Restart=always\n', 'Restart=always\nUser=www-data\n'),
    );
    expect(setUnitValue('[Unit]\nA=b', 'Unit', 'C', 'd')).toBe('[Unit]\nA=b\nC=d\n');
    expect(addUnitValue('[Unit]\nA=b\n', 'Install', 'C', 'd')).toBe('[Unit]\nA=b\n\n[Install]\nC=d\n');
    expect(addUnitValue('', 'Install', 'C', 'd')).toBe('[Install]\nC=d\n');
  });

  test('removes whole assignments, or those that pass a test', () => {
    expect(unitValues(removeUnitValue(UNIT, 'Service', 'ExecStart'), 'Service', 'ExecStart')).toEqual([]);
    expect(removeUnitValue(UNIT, 'Service', 'Environment', (value) => value === 'B=2')).toBe(
      UNIT.replace('Environment=B=2\n', ''),
    );
  });

  test('comments out every line of an assignment, behind its blanks', () => {
    expect(commentOutUnitValue(UNIT, 'Service', 'Environment', (value) => value === 'C=3')).toBe(
      UNIT.replace('  Environment=C', '  # Environment=C'),
    );
    const edited = commentOutUnitValue(UNIT, 'Service', 'ExecStart');
    expect(unitValues(edited, 'Service', 'ExecStart')).toEqual([]);
    expect(edited).toContain(
      '# ExecStart=/bin/echo one \\\n  # # a remark among the arguments\n  # two \\\n  # three\n',
    );
  });

  test('keeps Windows line breaks', () => {
    const source = UNIT.replaceAll('\n', '\r\n');
    const edited = addUnitValue(setUnitValue(source, 'Service', 'Restart', 'no'), 'Service', 'User', 'x');
    expect(edited).toBe(source.replace('Restart=always\r\n', 'Restart=no\r\nUser=x\r\n'));
    expect(unitValues(source, 'Service', 'ExecStart')[0]?.split(/\s+/)).toHaveLength(4);
  });

  test('refuses a value of several lines', () => {
    expect(() => setUnitValue(UNIT, 'Service', 'Restart', 'no\nExecStartPre=/bin/x')).toThrow(TypeError);
    expect(() => addUnitValue(UNIT, 'Service', 'Restart', 'no\r')).toThrow(TypeError);
  });
});
