// Worksheets in a browser: the build's worked examples entered by hand, keeping, export and import, clearing, paper.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {COLOUR_RULES, SITE, launch, pages, serve} from './site.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const sheets = pages().filter((file) => /^scorecards\/(?!index)/.test(file));
const KEY = 'drillpress.scorecard.v1.impact';
let browser, server, origin;

before(async () => {
  server = await serve();
  origin = `http://127.0.0.1:${server.address().port}/`;
  browser = await launch();
});
after(async () => {
  await browser.close();
  server.close();
});

async function open(file = 'scorecards/impact.html', options = {}, prepare = null) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  if (prepare) await context.addInitScript(prepare);
  const page = await context.newPage();
  const trouble = [];
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(file.startsWith('file:') ? file : origin + file, {waitUntil: 'load'});
  return {page, trouble, close: () => context.close()};
}
const cell = (page, place) => page.locator(`[data-cell="${place}"]`);
const computed = (page, row, column) => page.locator(`[data-row="${row}"] [data-computed="${column}"]`).textContent();
const stored = (page) => page.evaluate((key) => JSON.parse(localStorage.getItem(key)), KEY);

async function enter(page, place, value) {
  const field = cell(page, place);
  const kind = await field.evaluate((f) => f.type);
  if (kind === 'checkbox') await field.setChecked(value === 'yes');
  else if (kind === 'select-one') await field.selectOption(value.split(':')[0]);
  else await field.fill(value);
}

test('there are seven sheets, and guides lead to them', async () => {
  assert.equal(sheets.length, 7);
  for (const guide of pages().filter((file) => /^guides\/(?!index)/.test(file))) {
    assert.match(fs.readFileSync(path.join(SITE, guide), 'utf8'), /href="\.\.\/scorecards\/[a-z0-9-]+\.html"/, guide);
  }
});

for (const file of sheets) {
  test(`entering the worked example of ${file} gives what the build computed`, async () => {
    const {page, trouble, close} = await open(file);
    const examples = await page.locator('[data-example]').evaluateAll((all) => all.map((e) => [e.dataset.example, e.textContent]));
    for (const [place, value] of examples) {
      if (value && (await cell(page, place).count())) await enter(page, place, value);
    }
    for (const [place, value] of examples) {
      if (await cell(page, place).count()) continue;
      const [table, row, column] = place.split('/');
      assert.equal(await page.locator(`[data-table="${table}"] [data-row="${row}"] [data-computed="${column}"]`).textContent(), value, place);
    }
    for (const [id, value] of await page.locator('[data-example-result]').evaluateAll((all) => all.map((e) => [e.dataset.exampleResult, e.textContent]))) {
      const shown = await page.locator(`section:has(> details [data-example-result="${id}"]) [data-result="${id}"]`).first().textContent();
      assert.equal(shown || 'no value', value, id);
    }
    assert.deepEqual(trouble, []);
    await close();
  });
}

test('entries and scores are kept; a wrong number is marked', async () => {
  const {page, close} = await open();
  for (const [column, value] of [['teams', '2'], ['before', '50'], ['after', '41'], ['share', '0.5'], ['evidence', '0.5']]) {
    await enter(page, `work/work-1/${column}`, value);
  }
  assert.equal(await computed(page, 'work-1', 'score'), '9.0');
  await page.reload();
  assert.equal(await computed(page, 'work-1', 'score'), '9.0');
  await enter(page, 'work/work-1/teams', 'two');
  assert.equal(await cell(page, 'work/work-1/teams').getAttribute('aria-invalid'), 'true');
  assert.equal(await computed(page, 'work-1', 'score'), '');
  await close();
});

test('an export that is imported elsewhere loses nothing', async () => {
  const first = await open();
  await enter(first.page, 'work/work-1/work', 'from the first');
  await enter(first.page, 'work/work-2/work', 'only here');
  const [download] = await Promise.all([first.page.waitForEvent('download'), first.page.getByRole('button', {name: 'Save to a file'}).click()]);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sheet-')), 'export.json');
  await download.saveAs(file);
  await first.close();

  const {page, close} = await open();
  await enter(page, 'work/work-1/work', 'from the second, later');
  await enter(page, 'work/work-3/work', 'only there');
  await page.locator('#sheet-file').setInputFiles(file);
  await page.waitForFunction(() => /taken/.test(document.querySelector('[data-sheet-status]').textContent));
  assert.equal(await cell(page, 'work/work-1/work').inputValue(), 'from the second, later', 'the newer one stands');
  assert.equal(await cell(page, 'work/work-2/work').inputValue(), 'only here');
  assert.equal(await cell(page, 'work/work-3/work').inputValue(), 'only there');
  assert.deepEqual((await stored(page)).earlier.map((e) => e.value), ['from the first']);
  await page.locator('#sheet-file').setInputFiles(file);
  await page.waitForFunction(() => /^0 entries/.test(document.querySelector('[data-sheet-status]').textContent));
  assert.equal((await stored(page)).earlier.length, 1, 'a second import adds nothing');
  await page.locator('[data-sheet-earlier] summary').click();
  await page.getByRole('button', {name: /^Put back/}).click();
  assert.equal(await cell(page, 'work/work-1/work').inputValue(), 'from the first');
  assert.deepEqual((await stored(page)).earlier.map((e) => e.value), ['from the second, later']);
  await close();
});

test('files that are no export of this sheet are refused, by name and with a reason', async () => {
  const {page, close} = await open();
  await enter(page, 'work/work-1/work', 'stays');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sheet-'));
  for (const [text, reason] of [
    ['{oops', /it is not JSON/], ['[]', /not a file of a scorecard/],
    ['{"format":"drillpress-scorecard","version":1,"id":"maturity","cells":{},"earlier":[]}', /belongs to the scorecard maturity/],
    ['{"format":"drillpress-scorecard","version":9,"id":"impact","cells":{},"earlier":[]}', /newer version/],
  ]) {
    const file = path.join(folder, 'bad.json');
    fs.writeFileSync(file, text);
    await page.locator('#sheet-file').setInputFiles(file);
    await page.waitForFunction((words) => new RegExp(words).test(document.querySelector('[data-sheet-status]').textContent), reason.source);
  }
  assert.equal((await stored(page)).cells['work/work-1/work'].value, 'stays');
  await close();
});

test('clearing asks, and a damaged store is put aside', async () => {
  const {page, close} = await open('scorecards/impact.html', {}, `if (!sessionStorage.put) { sessionStorage.put = 1; localStorage.setItem('${KEY}', '{oops'); }`);
  assert.equal(await page.evaluate((key) => localStorage.getItem(key + '.damaged'), KEY), '{oops');
  await enter(page, 'work/work-1/work', 'x');
  await page.getByRole('button', {name: 'Clear'}).click();
  assert.equal(await cell(page, 'work/work-1/work').inputValue(), '');
  assert.deepEqual((await stored(page)).cells, {});
  await close();
});

for (const [name, script] of [
  ['blocked', 'Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no", "SecurityError"); }})'],
  ['full', 'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }'],
]) {
  test(`with storage ${name} a sheet computes and says that it is not kept`, async () => {
    const {page, trouble, close} = await open('scorecards/depth-vision.html', {}, script);
    await enter(page, 'answers/answer-1/depth', '2');
    await enter(page, 'answers/answer-1/vision', '3');
    assert.equal(await computed(page, 'answer-1', 'product'), '6');
    assert.equal(await page.locator('[data-results="answers"] [aria-current]').textContent(), 'from 5: solid Practise under pressure: follow-ups, interruptions, a loop in one sitting.');
    assert.match(await page.locator('[data-sheet-status]').textContent(), /does not keep your entries/);
    assert.deepEqual(trouble, []);
    await close();
  });
}

test('without scripts, and in print, a sheet is for a pen', async () => {
  const {page, close} = await open('scorecards/impact.html', {javaScriptEnabled: false});
  assert.equal(await page.locator('[data-sheet-bar]').isVisible(), false);
  assert.match(await page.locator('.sheet').innerText(), /= teams \* gain \* share \* evidence/);
  await page.locator('.sheet-example summary').click();
  assert.match(await page.locator('.sheet-example').innerText(), /18\.0/);
  await page.emulateMedia({media: 'print'});
  const box = await page.locator('[data-row="work-2"] [data-computed="score"]').boundingBox();
  assert.ok(box.height >= 30, 'an empty cell has room to write');
  await close();
});

test('works from file://', async () => {
  const {page, trouble, close} = await open(pathToFileURL(path.join(SITE, 'scorecards/depth-vision.html')).href);
  await enter(page, 'answers/answer-1/depth', '3');
  await enter(page, 'answers/answer-1/vision', '3');
  assert.equal(await computed(page, 'answer-1', 'product'), '9');
  assert.deepEqual(trouble, []);
  await close();
});

// Dark pages differ in their colours alone, and colours do not depend on the width.
for (const [colorScheme, width, runOnly] of [
  ['light', 390, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']], ['dark', 1280, COLOUR_RULES],
]) {
  test(`axe finds nothing in sheets, ${colorScheme} at ${width} px`, async () => {
    const bad = [];
    for (const file of sheets) {
      const {page, close} = await open(file, {colorScheme, bypassCSP: true, viewport: {width, height: 900}});
      await page.addScriptTag({path: axe});
      const found = await page.evaluate((runOnly) => window.axe.run(document, {runOnly, resultTypes: ['violations']}), runOnly);
      for (const v of found.violations) bad.push(`${file}: ${v.id}: ${v.nodes.slice(0, 2).map((n) => n.target.join(' '))}`);
      await close();
    }
    assert.deepEqual(bad, []);
  });
}
