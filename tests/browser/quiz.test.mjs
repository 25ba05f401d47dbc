// The readiness quiz in a browser: answering, keeping, reporting, the keyboard, and what remains without scripts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {HtmlValidate} from 'html-validate';
import {launch, serve} from './site.mjs';
import {buildQuizSite} from './quiz-site.mjs';
import {VALIDATION} from './html-rules.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const KEY = 'drillpress.quiz.v1.engineer-quiz';
let browser, server, origin, built;

before(async () => {
  built = buildQuizSite();
  server = await serve(built.site);
  origin = `http://127.0.0.1:${server.address().port}/`;
  browser = await launch();
});
after(async () => {
  await browser.close();
  server.close();
  fs.rmSync(built.root, {recursive: true});
});

async function open(options = {}, address = origin + 'quizzes/engineer.html', prepare = null) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  if (prepare) await context.addInitScript(prepare);
  const page = await context.newPage();
  const trouble = [];
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(address, {waitUntil: 'load'});
  return {page, trouble, close: () => context.close()};
}
const item = (page, id) => page.locator(`[data-item="${id}"]`);
const stored = (page) => page.evaluate((key) => JSON.parse(localStorage.getItem(key)), KEY);
const status = (page) => page.locator('[data-quiz-status]').textContent();

async function answer(page, id, ...texts) {
  for (const text of texts) await item(page, id).getByText(text, {exact: true}).click();
  await item(page, id).getByRole('button', {name: 'Check'}).click();
}
async function show(page, mode) {
  await page.selectOption('#quiz-mode', mode);
}

test('without scripts the page is a self-test: every option, every explanation, a key', async () => {
  const {page, close} = await open({javaScriptEnabled: false});
  assert.equal(await page.locator('[data-item]').count(), 40);
  assert.equal(await page.locator('[data-item] input').count(), 3 + 4 + 3 + 3 + 36 * 3);
  assert.equal(await page.locator('[data-item="padded-tile"] input[type=checkbox]').count(), 4);
  assert.equal(await page.locator('[data-option]').count(), await page.locator('[data-item] input').count());
  assert.equal(await page.locator('[data-quiz-bar]').isVisible(), false);
  const first = item(page, 'strided-load');
  assert.equal(await first.locator('.quiz-why').isVisible(), false);
  await first.locator('summary').click();
  assert.match(await first.locator('.quiz-why').innerText(), /C right\. Each lane/);
  assert.equal(await page.locator('[data-key="padded-tile"]').textContent(), 'A and B');
  await close();
});

test('what authors write is text, with code and emphasis and nothing else', async () => {
  const {page, trouble, close} = await open({javaScriptEnabled: false});
  const odd = item(page, 'escaped');
  assert.match(await odd.locator('legend').textContent(), /Is <b>&"<\/b> markup & "quoted"\?/);
  assert.equal(await odd.locator('legend b').count(), 0);
  assert.equal(await odd.locator('input').first().evaluate((i) => i.closest('label').querySelector('code').textContent), '<script>alert(1)</script>');
  assert.equal(await item(page, 'strided-load').locator('legend strong').textContent(), 'floats');
  assert.deepEqual(trouble, []);
  await close();
});

test('an answer is explained at once, counted, and kept over a reload', async () => {
  const {page, trouble, close} = await open();
  assert.equal(await page.locator('[data-item]:visible').count(), 1, 'one at a time');
  await answer(page, 'strided-load', '8');
  assert.match(await item(page, 'strided-load').locator('.quiz-verdict').textContent(), /Not right\. It is C\./);
  assert.equal(await page.evaluate(() => document.activeElement.className), 'quiz-verdict');
  assert.equal(await item(page, 'strided-load').locator('.quiz-why').isVisible(), true);
  assert.equal(await status(page), '1 of 40, 0 right');
  await item(page, 'strided-load').getByRole('button', {name: 'Next'}).click();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.item), 'padded-tile');
  await answer(page, 'padded-tile', 'a row of 33 floats');
  assert.match(await item(page, 'padded-tile').locator('.quiz-verdict').textContent(), /Not right. It is A and B\./, 'half of it is not enough');
  await page.reload();
  assert.equal(await status(page), '2 of 40, 0 right');
  assert.equal(await page.locator('[data-item]:visible').getAttribute('data-item'), 'padded-tile');
  assert.deepEqual(Object.keys((await stored(page)).answers), ['strided-load', 'padded-tile']);
  assert.deepEqual(trouble, []);
  await close();
});

test('the report orders topics by what was lost and links what to read', async () => {
  const {page, close} = await open();
  await show(page, 'list');
  await answer(page, 'base-rate', '90 %');
  await answer(page, 'strided-load', '4');
  await answer(page, 'padded-tile', 'a second barrier');
  await answer(page, 'sum-1', '2');
  const gaps = page.locator('[data-quiz-gaps]');
  assert.deepEqual(await gaps.locator('h3').allTextContents(), ['About memory: 2 of 2 wrong', 'About statistics: 1 of 1 wrong']);
  assert.deepEqual(await gaps.locator('ul').first().locator('li').allTextContents(), ['Question card: Coalescing', 'Question card: Banks']);
  assert.equal(await gaps.locator('a').first().evaluate((a) => new URL(a.href).pathname), '/cards/coalescing.html');
  assert.match(await page.locator('[data-quiz-score]').textContent(), /^1 of 4 answered questions right; 36 are still open\.$/);
  const rows = await page.locator('[data-quiz-topics] tr').allInnerTexts();
  assert.deepEqual(rows[0].split('\t'), ['About memory', '0', '2', '2']);
  await close();
});

test('wrong answers can be tried again, and everything can be forgotten', async () => {
  const {page, close} = await open();
  await show(page, 'list');
  await answer(page, 'strided-load', '4');
  await answer(page, 'sum-1', '2');
  await page.getByRole('button', {name: 'Retry wrong ones'}).click();
  assert.equal(await status(page), '1 of 40, 1 right');
  assert.equal(await item(page, 'strided-load').locator('input:checked').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.item), 'strided-load');
  await page.getByRole('button', {name: 'Restart'}).click();
  assert.equal(await status(page), '0 of 40, 0 right');
  assert.deepEqual((await stored(page)).answers, {});
  assert.equal(await page.locator('[data-quiz-report]').isVisible(), false);
  await close();
});

test('topic and difficulty filter', async () => {
  const {page, close} = await open();
  await show(page, 'list');
  await page.selectOption('#quiz-topic', 'memory');
  assert.deepEqual(await page.locator('[data-item]:visible').evaluateAll((all) => all.map((e) => e.dataset.item)), ['strided-load', 'padded-tile']);
  await page.selectOption('#quiz-difficulty', 'medium');
  assert.equal(await page.locator('[data-item]:visible').count(), 1);
  assert.equal(await status(page), '0 of 40, 0 right; 1 shown');
  await page.selectOption('#quiz-difficulty', 'hard');
  assert.equal(await page.locator('[data-item]:visible').count(), 0, 'no hard one about memory');
  await page.keyboard.press('Escape');
  await close();
});

test('the keyboard answers: numbers, Enter, n', async () => {
  const {page, close} = await open();
  await page.keyboard.press('3');
  await page.keyboard.press('Enter');
  assert.equal(await status(page), '1 of 40, 1 right');
  await page.keyboard.press('Enter');
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await page.keyboard.press('4');
  await page.keyboard.press('4');
  await page.keyboard.press('Enter');
  assert.equal(await status(page), '2 of 40, 2 right');
  await page.keyboard.press('n');
  assert.equal(await page.locator('[data-item]:visible').getAttribute('data-item'), 'escaped');
  await page.uncheck('#quiz-keys');
  await page.locator('[data-item="escaped"]').focus();
  await page.keyboard.press('n');
  assert.equal(await page.locator('[data-item]:visible').getAttribute('data-item'), 'escaped', 'keys are off');
  await close();
});

test('a shuffled order survives a reload, letters follow it, answers keep their meaning', async () => {
  const {page, close} = await open();
  await show(page, 'list');
  await page.selectOption('#quiz-order', 'shuffled');
  const order = () => page.locator('[data-item]').evaluateAll((all) => all.map((e) => e.dataset.item + ':' + [...e.querySelectorAll('input')].map((i) => i.value)));
  const before = await order();
  assert.notDeepEqual(before, await page.evaluate(() => fetch(location).then((r) => r.text()).then((t) =>
    [...new DOMParser().parseFromString(t, 'text/html').querySelectorAll('[data-item]')].map((e) => e.dataset.item + ':' + [...e.querySelectorAll('input')].map((i) => i.value)))));
  await answer(page, 'strided-load', '32');
  await page.reload();
  assert.deepEqual(await order(), before);
  assert.equal(await status(page), '1 of 40, 1 right');
  const letter = await item(page, 'strided-load').locator('label', {hasText: '32'}).locator('.quiz-letter').textContent();
  assert.equal(await item(page, 'strided-load').locator('.quiz-verdict').textContent(), `Right: ${letter}.`);
  assert.equal(await page.locator('[data-key="strided-load"]').textContent(), letter);
  assert.deepEqual(await item(page, 'strided-load').locator('.quiz-letter').allTextContents(), ['A', 'B', 'C', 'A', 'B', 'C']);
  await page.selectOption('#quiz-order', 'written');
  assert.equal((await order())[0].split(':')[0], 'strided-load');
  await close();
});

test('a reworded option counts as unanswered; a damaged or newer store is not lost', async () => {
  const put = (value) => `if (!sessionStorage.put) { sessionStorage.put = 1; localStorage.setItem(${JSON.stringify(KEY)}, ${JSON.stringify(value)}); }`;
  const reworded = await open({}, undefined, put(JSON.stringify({version: 1, answers: {'strided-load': ['00000000'], gone: ['x']}})));
  assert.equal(await status(reworded.page), '0 of 40, 0 right');
  await answer(reworded.page, 'strided-load', '32');
  assert.deepEqual((await stored(reworded.page)).answers.gone, ['x'], 'an item that is not here now may come back');
  await reworded.close();

  const damaged = await open({}, undefined, put('{oops'));
  assert.equal(await status(damaged.page), '0 of 40, 0 right');
  assert.equal(await damaged.page.evaluate((key) => localStorage.getItem(key + '.damaged'), KEY), '{oops');
  await damaged.close();

  const newer = await open({}, undefined, put(JSON.stringify({version: 99, answers: {}, more: 1})));
  await answer(newer.page, 'strided-load', '32');
  assert.equal(await status(newer.page), '1 of 40, 1 right');
  assert.deepEqual(await stored(newer.page), {version: 99, answers: {}, more: 1});
  assert.match(await newer.page.locator('[data-quiz-warning]').textContent(), /newer version/);
  assert.deepEqual(newer.trouble, []);
  await newer.close();
});

for (const [name, script] of [
  ['blocked', 'Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no", "SecurityError"); }})'],
  ['full', 'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }'],
]) {
  test(`with storage ${name} the quiz works for the visit and says so`, async () => {
    const {page, trouble, close} = await open({}, undefined, script);
    await answer(page, 'strided-load', '32');
    assert.equal(await status(page), '1 of 40, 1 right');
    assert.match(await page.locator('[data-quiz-warning]').textContent(), /does not keep your answers/);
    assert.deepEqual(trouble, []);
    await close();
  });
}

test('two tabs share their answers', async () => {
  const {page, close} = await open();
  const other = await page.context().newPage();
  await other.goto(origin + 'quizzes/engineer.html');
  await answer(page, 'strided-load', '32');
  await other.waitForFunction(() => document.querySelector('[data-quiz-status]').textContent.startsWith('1 of 40'));
  await show(other, 'list');
  await answer(other, 'sum-1', '2');
  // Two tabs may be two processes: what one stores reaches the other a little later.
  await page.waitForFunction(() => document.querySelector('[data-quiz-status]').textContent.startsWith('2 of 40'));
  assert.deepEqual(Object.keys((await stored(page)).answers), ['strided-load', 'sum-1']);
  await close();
});

test('a link to an item shows it; the guide and the pages list the quiz', async () => {
  const {page, trouble, close} = await open({}, origin + 'pages/about.html');
  await page.getByRole('link', {name: 'A question'}).click();
  await page.waitForURL('**/quizzes/engineer.html#*', {waitUntil: 'load'});
  assert.equal(await page.locator('[data-item]:visible').getAttribute('data-item'), 'strided-load');
  for (const from of ['guides/engineer.html', 'pages/index.html', 'quizzes/index.html']) {
    await page.goto(origin + from);
    assert.ok(await page.locator('main a[href$="engineer.html"]', {hasText: 'Are you ready?'}).count(), from);
  }
  assert.deepEqual(trouble, []);
  await close();
});

test('works from file://', async () => {
  const {page, trouble, close} = await open({}, pathToFileURL(path.join(built.site, 'quizzes/engineer.html')).href);
  await answer(page, 'strided-load', '32');
  assert.equal(await status(page), '1 of 40, 1 right');
  assert.deepEqual(trouble, []);
  await close();
});

test('in print every question stands, unopened answers do not, the key does', async () => {
  const {page, close} = await open();
  await page.emulateMedia({media: 'print'});
  assert.equal(await page.locator('[data-item]:visible').count(), 40);
  assert.equal(await page.locator('.quiz-answer:visible').count(), 0);
  assert.equal(await page.locator('[data-quiz-bar]').isVisible(), false);
  assert.equal(await page.locator('[data-key="base-rate"]').isVisible(), true);
  await close();
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing, ${colorScheme} at ${width} px, before and after answers`, async () => {
      const {page, close} = await open({colorScheme, bypassCSP: true, viewport: {width, height: 900}});
      await page.addScriptTag({path: axe});
      const bad = async () => (await page.evaluate(() => window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }))).violations.map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.target.join(' '))}`);
      assert.deepEqual(await bad(), []);
      await show(page, 'list');
      await answer(page, 'strided-load', '4');
      await answer(page, 'padded-tile', 'a row of 33 floats', 'an exclusive or of row and column in the index');
      assert.deepEqual(await bad(), []);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(excess, 0);
      await close();
    });
  }
}

test('the page is valid HTML under the strict policy', async () => {
  const file = path.join(built.site, 'quizzes/engineer.html');
  const report = await new HtmlValidate(VALIDATION).validateFile(file);
  assert.deepEqual(report.results.flatMap((r) => r.messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
  assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /\sstyle="|<script(?![^>]*\ssrc=)|\son[a-z]+="/);
});
