// The search as readers use it: keyboard, combobox, facets, faults, from a disk, without scripts.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {after, before, test} from 'node:test';
import {SITE, launch, serve} from './site.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
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

async function open(address, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage();
  const trouble = [];
  const requests = [];
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(address, {waitUntil: 'load'});
  return {page, trouble, requests, close: () => context.close()};
}

/** Types into the open search and waits for an answer to exactly that. */
async function ask(page, question) {
  await page.locator('#finder-input').fill(question);
  await page.waitForFunction(() => !/Loading/.test(document.querySelector('.finder-status').textContent), null, {timeout: 60_000});
}
const options = (page) => page.locator('.finder [role=option]');

test('nothing of the search is loaded before it opens; `/`, Ctrl+K and the link open it', async () => {
  for (const how of [(page) => page.keyboard.press('/'), (page) => page.keyboard.press('Control+k'),
                     (page) => page.locator('.search-open').click()]) {
    const {page, trouble, requests, close} = await open(origin + 'cards/coalescing.html');
    assert.deepEqual(requests.filter((name) => /search/.test(name)), []);
    await how(page);
    await page.locator('dialog.finder[open]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'finder-input');
    await ask(page, 'bank conflicts');
    assert.ok(await options(page).count() > 0);
    for (const file of ['search-index.js', 'search.css', 'search.js']) assert.equal(requests.filter((name) => name === `/assets/${file}`).length, 1, file);
    await page.keyboard.press('Escape');
    await page.locator('dialog.finder').waitFor({state: 'hidden'});
    assert.deepEqual(trouble, []);
    await close();
  }
});

test('a slash in a field stays a slash', async () => {
  const {page, close} = await open(origin + 'cards/index.html');
  await page.locator('#filter-text').focus();
  await page.keyboard.type('a/b');
  assert.equal(await page.locator('#filter-text').inputValue(), 'a/b');
  assert.equal(await page.locator('dialog.finder').count(), 0);
  await close();
});

test('arrow keys choose, Enter opens, and the combobox says which', async () => {
  const {page, trouble, close} = await open(origin + 'guides/ml-engineer.html');
  await page.keyboard.press('/');
  await page.locator('dialog.finder[open]').waitFor();
  await ask(page, 'What is memory coalescing?');
  const active = () => page.locator('#finder-input').getAttribute('aria-activedescendant');
  assert.equal(await page.locator('#finder-input').getAttribute('aria-expanded'), 'true');
  assert.equal(await active(), 'finder-option-0');
  assert.ok(await page.locator('#finder-list mark').count() > 0);
  await page.keyboard.press('ArrowDown');
  assert.equal(await active(), 'finder-option-1');
  assert.equal(await page.locator('[aria-selected=true]').count(), 1);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await active(), `finder-option-${await options(page).count() - 1}`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/coalescing/);
  assert.deepEqual(trouble, []);
  await close();
});

test('facets narrow the results; nothing found offers what comes near', async () => {
  const {page, trouble, close} = await open(origin + 'index.html');
  await page.keyboard.press('/');
  await page.locator('dialog.finder[open]').waitFor();
  await ask(page, 'memory');
  for (const name of ['kind', 'role', 'topic', 'difficulty']) assert.equal(await page.locator(`[data-facet=${name}]`).count(), 1, name);
  await page.locator('[data-facet=kind]').selectOption('drill');
  const addresses = await options(page).evaluateAll((all) => all.map((entry) => entry.getAttribute('href')));
  assert.ok(addresses.length > 0 && addresses.every((address) => address.startsWith('drills/')), addresses.join(' '));
  await ask(page, 'zzqxvw');
  assert.match(await page.locator('.finder-status').textContent(), /with these filters/);
  await page.locator('[data-facet=kind]').selectOption('');
  await ask(page, 'ocupncccy');
  assert.match(await page.locator('.finder-status').textContent(), /Nothing found.*come near/);
  assert.ok(await options(page).count() > 0);
  await ask(page, 'zzqxvwzzqxvw');
  assert.equal(await options(page).count(), 0);
  assert.equal(await page.locator('#finder-list').isVisible(), false);
  assert.equal(await page.locator('#finder-input').getAttribute('aria-expanded'), 'false');
  assert.deepEqual(trouble, []);
  await close();
});

test('a question is text, whatever it looks like', async () => {
  const {page, trouble, close} = await open(origin + 'index.html');
  await page.keyboard.press('/');
  await page.locator('dialog.finder[open]').waitFor();
  for (const question of ['<img src=x onerror=alert(1)>', '"; drop table', '__proto__', 'constructor', '😀', 'a'.repeat(290), '\\', '   ']) {
    await ask(page, question);
  }
  assert.equal(await page.locator('.finder img').count(), 0);
  assert.deepEqual(trouble, []);
  await close();
});

test('an address with a question opens the search with it', async () => {
  const {page, trouble, close} = await open(origin + 'search.html#q=' + encodeURIComponent('kv cache size'));
  await page.locator('dialog.finder[open]').waitFor();
  await page.locator('.finder [role=option]').first().waitFor({timeout: 60_000});
  assert.equal(await page.locator('#finder-input').inputValue(), 'kv cache size');
  const share = await page.locator('.finder-foot a').first().getAttribute('href');
  assert.equal(share, 'search.html#q=kv%20cache%20size');
  assert.deepEqual(trouble, []);
  await close();
});

test('the dialog is accessible, wide and narrow, light and dark', async () => {
  const bad = [];
  for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']]) {
    const {page, close} = await open(origin + 'cards/coalescing.html', {viewport: {width, height: 800}, colorScheme, bypassCSP: true});
    await page.keyboard.press('/');
    await page.locator('dialog.finder[open]').waitFor();
    await page.addScriptTag({path: axe});
    for (const question of ['', 'quantisation', 'zzqxvw']) {
      await ask(page, question);
      const results = await page.evaluate(() => axe.run(document.querySelector('.finder'), {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}));
      for (const violation of results.violations) bad.push(`${width} “${question}” ${violation.id}: ${violation.nodes[0].html}`);
    }
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) bad.push(`${width} overflows`);
    await close();
  }
  assert.deepEqual(bad, []);
});

test('it works from a disk, and says so when its texts are missing', async () => {
  const {page, trouble, close} = await open(pathToFileURL(path.join(SITE, 'drills/transpose.html')).href);
  await page.keyboard.press('/');
  await page.locator('dialog.finder[open]').waitFor();
  await ask(page, 'all-reduce');
  assert.ok(await options(page).count() > 0);
  assert.deepEqual(trouble, []);
  await close();

  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'site-'));
  fs.cpSync(path.join(SITE, 'assets'), path.join(copy, 'assets'), {recursive: true});
  fs.copyFileSync(path.join(SITE, 'search.html'), path.join(copy, 'search.html'));
  fs.rmSync(path.join(copy, 'assets/search-index.js'));
  const broken = await open(pathToFileURL(path.join(copy, 'search.html')).href);
  await broken.page.keyboard.press('/');
  await broken.page.locator('dialog.finder[open]').waitFor();
  await ask(broken.page, 'anything');
  assert.match(await broken.page.locator('.finder-status').textContent(), /could not be loaded/);
  await broken.close();
  fs.rmSync(path.join(copy, 'assets/search.js'));
  const without = await open(pathToFileURL(path.join(copy, 'search.html')).href + '?again');
  await without.page.keyboard.press('/');
  await without.page.waitForURL(/search\.html$/);
  await without.close();
  fs.rmSync(copy, {recursive: true});
});

test('without scripts the link leads to a list of every page', async () => {
  const {page, close} = await open(origin + 'index.html', {javaScriptEnabled: false});
  await page.locator('.search-open').click();
  await page.waitForURL(/search\.html$/);
  const pages = JSON.parse(fs.readFileSync(path.join(SITE, 'api/index.json'), 'utf8')).pages;
  assert.equal(await page.locator('.index a').count(), pages.length);
  await close();
});

test('a dead address suggests pages with a similar name', async () => {
  const {page, trouble, close} = await open(origin + 'bank-conflict.html');
  const list = page.locator('[data-suggestions] a');
  await list.first().waitFor({timeout: 60_000});
  const addresses = await list.evaluateAll((all) => all.map((entry) => entry.getAttribute('href')));
  assert.ok(addresses.includes('cards/bank-conflicts.html'), addresses.join(' '));
  assert.deepEqual(trouble.filter((text) => !/404/.test(text)), []);
  await close();
});
