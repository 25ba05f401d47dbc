// Questions as people phrase them find their page: the built index and script, without a browser.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import vm from 'node:vm';
import zlib from 'node:zlib';
import {LOOKS, QUESTIONS} from './search-questions.mjs';
import {SITE} from './site.mjs';

const MOST_FILE_BYTES = 500_000;  // compressed, as a server sends it
const MOST_INDEX_BYTES = 1_500_000;

const INDEX = 'assets/search-index.js';

function load() {
  const context = vm.createContext({document: {querySelector: () => ({dataset: {}})}});
  const run = (file) => vm.runInContext(fs.readFileSync(path.join(SITE, file), 'utf8'), context, {filename: file});
  run('assets/search.js');
  run(INDEX);
  context.drillpressIndex.files.forEach(run);
  const ranking = vm.runInContext('drillpressSearch.createRanking(MiniSearch, drillpressIndex)', context);
  while (ranking.addNext()) { /* all of them */ }
  return ranking;
}
const ranking = load();

/** The id of a page, or of a term of the glossary. */
const idOf = ({page}) => page.url.includes('#') ? page.url.split('#')[1] : path.basename(page.url, '.html');
const found = (question, filters = {}) => Array.from(ranking.search(question, filters, 10), idOf);

test('every page of the site is in the index, and every place in it is on its page', () => {
  const pages = Array.from(ranking.index.pages);
  const inApi = JSON.parse(fs.readFileSync(path.join(SITE, 'api/index.json'), 'utf8')).pages;
  assert.deepEqual(pages.filter((p) => p.kind !== 'term').map((p) => p.url).sort(), inApi.map((p) => p.url).sort());
  const lost = [];
  for (const page of pages) {
    const [file, term] = page.url.split('#');
    const html = fs.readFileSync(path.join(SITE, file), 'utf8');
    for (const anchor of [term, ...page.parts.map((part) => part[0])].filter(Boolean)) {
      if (!html.includes(`id="${anchor}"`)) lost.push(`${file}#${anchor}`);
    }
  }
  assert.deepEqual(lost, []);
});

test('the index stays small enough to load', () => {
  const sizes = [INDEX, ...ranking.index.files].map((file) => zlib.gzipSync(fs.readFileSync(path.join(SITE, file)), {level: 9}).length);
  console.log(`compressed: ${sizes.join(' + ')} bytes`);
  assert.ok(sizes.every((size) => size <= MOST_FILE_BYTES), sizes.join(' '));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= MOST_INDEX_BYTES);
});

test('the texts are prose: values of runs are in them, directives and code are not', () => {
  const all = Array.from(ranking.index.pages).flatMap((page) => Array.from(page.parts, (part) => part[2]));
  assert.deepEqual(all.filter((text) => /\{\{|\}\}|#include|printf\(|\\[a-z]{3}/.test(text)), []);
  assert.ok(all.some((text) => /\d/.test(text)));
});

for (const [round, questions] of Object.entries(QUESTIONS)) {
  test(`questions about ${round} find their page among the first ten`, () => {
    const missed = questions.filter(([question, ...wanted]) => !found(question).some((id) => wanted.includes(id)));
    assert.deepEqual(missed.map(([question]) => `${question}: ${found(question).join(' ')}`), []);
  });
}

test('most questions find their page at once', () => {
  const all = Object.values(QUESTIONS).flat();
  assert.ok(all.length >= 80);
  const places = all.map(([question, ...wanted]) => found(question).findIndex((id) => wanted.includes(id)));
  const first = places.filter((place) => place === 0).length / all.length;
  const reciprocal = places.reduce((sum, place) => sum + (place < 0 ? 0 : 1 / (place + 1)), 0) / all.length;
  console.log(`${all.length} questions: first place ${(100 * first).toFixed(0)} %, mean reciprocal rank ${reciprocal.toFixed(3)}`);
  assert.ok(first >= 0.75, `first place: ${first}`);
  assert.ok(reciprocal >= 0.85, `mean reciprocal rank: ${reciprocal}`);
});

test('a word, a symbol, a slip or another spelling leads to the right page first', () => {
  const missed = LOOKS.filter(([look, ...wanted]) => !wanted.includes(found(look)[0]));
  assert.deepEqual(missed.map(([look]) => `${look}: ${found(look).join(' ')}`), []);
});

test('filters hold, and the unfinished last word is enough', () => {
  for (const kind of ['guide', 'card', 'drill', 'term']) {
    const results = ranking.search('memory', {kind}, 10);
    assert.ok(results.length > 0, kind);
    assert.ok(results.every((result) => result.page.kind === kind), kind);
  }
  const hard = ranking.search('attention', {difficulty: 'hard'}, 10);
  assert.ok(hard.length > 0 && hard.every((result) => result.page.difficulty === 'hard'));
  assert.ok(found('coalesc').includes('coalescing'));
});

test('nonsense finds nothing, a near miss is suggested, and the same question gives the same answer', () => {
  assert.deepEqual(found('zzqxv'), []);
  assert.deepEqual(found(''), []);
  assert.deepEqual(found('the of and'), []);
  assert.ok(ranking.suggest('tranzpoze', 5).some((page) => page.url === 'drills/transpose.html'));
  assert.equal(ranking.suggest('zzqxvzzqxv', 5).length, 0);
  assert.deepEqual(found('How does a KV cache work?'), found('How does a KV cache work?'));
});

test('an excerpt shows what was found, at its length, and keeps the text', () => {
  const [best] = ranking.search('bank conflicts', {}, 1);
  const part = best.parts[0];
  const runs = ranking.excerpt(part.text, best.terms, 160);
  assert.ok(runs.some((run) => run.hit));
  const shown = runs.map((run) => run.text).join('').replace(/^… | …$/g, '');
  assert.ok(part.text.includes(shown));
  assert.ok(shown.length <= 160);
});
