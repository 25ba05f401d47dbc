// The worksheet's evaluator against the cases that the generator's is tested with.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import vm from 'node:vm';

const read = (file) => fs.readFileSync(new URL(file, import.meta.url), 'utf8');
const {evaluate, rounded, number} = vm.runInNewContext(read('../../site/scripts/formula.js') + ';drillpressFormula');
const cases = JSON.parse(read('../unit/formula_cases.json'));

test('every case has the same value and the same text as in the generator', () => {
  assert.ok(cases.length >= 20);
  for (const {text, steps, values = {}, columns = {}, result, decimals, shown} of cases) {
    const value = evaluate(steps, (name) => values[name] ?? null, (name) => columns[name]);
    assert.equal(value, result, text);
    if (result !== null) assert.equal(rounded(value, decimals), shown, text);
  }
});

test('only plain decimal numbers are numbers', () => {
  assert.equal(number('8'), 8);
  assert.equal(number('-0.25'), -0.25);
  for (const text of ['', '1e3', '0x10', 'NaN', 'Infinity', '1,5', ' 1', '1 ', '+1']) assert.equal(number(text), null, text);
});
