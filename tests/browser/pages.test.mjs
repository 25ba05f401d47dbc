// Every kind of page: no console error, no overflow, accessible, readable without scripts and from file://.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {COLOUR_RULES, SITE, launch, pages, samplePages, serve} from './site.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = [1280, 390, 320];
let browser, server, origin, visits;

before(async () => {
  server = await serve();
  origin = `http://127.0.0.1:${server.address().port}/`;
  browser = await launch();
  visits = await visitAll();
});
after(async () => {
  await browser.close();
  server.close();
});

async function open(address, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage();
  const trouble = [];
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('file:')) trouble.push(`request to ${url}`);
  });
  await page.goto(address, {waitUntil: 'load'});
  return {page, trouble, close: () => context.close()};
}

/** In the browser: a page in a frame of each width in turn, loaded once. Navigating a whole tab costs three times as much. */
async function look([address, widths]) {
  const frame = document.createElement('iframe');
  const show = (width) => { frame.style.cssText = `width: ${width}px; max-width: none; height: 900px; border: 0; visibility: hidden`; };
  show(widths[0]);
  frame.src = address;
  await new Promise((resolve) => { frame.onload = resolve; document.body.replaceChildren(frame); });
  const inner = frame.contentDocument;
  const excess = widths.map((width) => {
    show(width);
    if (frame.contentWindow.innerWidth !== width) throw new Error(`the frame is not ${width} px wide`);
    return inner.documentElement.scrollWidth - inner.documentElement.clientWidth;
  });
  return {
    excess,
    ids: [...inner.querySelectorAll('[id]')].map((element) => element.id),
    links: [...inner.querySelectorAll('a[href]')].map((element) => element.href),
  };
}

/** What there is to know of every page: its complaints, the pixels that it is too wide at each width, ids, links. */
async function visitAll() {
  const found = new Map();
  const {page, trouble, close} = await open(origin);
  for (const file of pages()) {
    const seen = await page.evaluate(look, [origin + file, WIDTHS]);
    found.set(file, {...seen, trouble: trouble.splice(0)});
  }
  await close();
  return found;
}

test('there are pages of every kind', () => {
  const kinds = new Set(pages().map((file) => path.dirname(file)));
  for (const kind of ['.', 'guides', 'cards', 'checklists', 'drills']) assert.ok(kinds.has(kind), kind);
});

test('no page overflows or complains, from a small phone to a desktop', () => {
  const bad = [];
  for (const [file, {excess, trouble}] of visits) {
    WIDTHS.forEach((width, i) => { if (excess[i] > 0) bad.push(`${file}: ${excess[i]} px too wide at ${width} px`); });
    for (const message of trouble) bad.push(`${file}: ${message}`);
  }
  assert.deepEqual(bad, []);
});

test('axe finds nothing in light pages, and nothing more in dark ones', async () => {
  const bad = [];
  const {page, close} = await open('about:blank', {bypassCSP: true});
  const audit = async (file, colorScheme, runOnly) => {
    await page.emulateMedia({colorScheme});
    const {violations} = await page.evaluate((runOnly) => window.axe.run(document, {runOnly, resultTypes: ['violations']}), runOnly);
    for (const {id, nodes} of violations) {
      bad.push(`${file}: ${colorScheme}: ${id}: ${nodes.slice(0, 2).map((node) => node.target.join(' ')).join(', ')}`);
    }
  };
  for (const file of samplePages()) {
    await page.goto(origin + file, {waitUntil: 'load'});
    await page.addScriptTag({path: axe});
    await audit(file, 'light', ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
    await audit(file, 'dark', COLOUR_RULES);
  }
  await close();
  assert.deepEqual(bad, []);
});

test('every page can be read without scripts', async () => {
  const {page, close} = await open('about:blank', {javaScriptEnabled: false});
  for (const file of samplePages()) {
    await page.goto(origin + file, {waitUntil: 'load'});
    assert.equal(await page.locator('main').count(), 1, `${file} has one main element`);
    assert.ok((await page.locator('main').innerText()).length > 20, file);
  }
  await close();
});

test('every page works from file://', async () => {
  const {page, trouble, close} = await open('about:blank');
  for (const file of samplePages()) {
    await page.goto(pathToFileURL(path.join(SITE, file)).href, {waitUntil: 'load'});
    assert.deepEqual(trouble, [], file);
    const font = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
    assert.notEqual(font, '"Times New Roman"', `${file} has no styles`);
  }
  await close();
});

test('links and anchors lead somewhere', async () => {
  const bad = [];
  const ids = new Map([...visits].map(([file, {ids}]) => [file, new Set(ids)]));
  const answered = new Map();  // files that are no pages, asked for once
  for (const [file, {links}] of visits) {
    for (const link of new Set(links.filter((address) => address.startsWith(origin)))) {
      const url = new URL(link);
      const target = url.pathname.slice(1) || 'index.html';
      if (ids.has(target)) {
        if (url.hash && !ids.get(target).has(decodeURIComponent(url.hash.slice(1)))) bad.push(`${file}: ${link}`);
        continue;
      }
      if (!answered.has(target)) answered.set(target, (await fetch(origin + target)).ok);
      if (!answered.get(target)) bad.push(`${file}: ${link}`);
    }
  }
  assert.deepEqual(bad, []);
});

test('a ticked item stays ticked', async () => {
  const file = pages().find((name) => name.startsWith('checklists/') && !name.endsWith('index.html'));
  const {page, close} = await open(origin + file);
  const box = page.locator('main input[type=checkbox]').first();
  assert.equal(await box.isChecked(), false);
  await box.check();
  await page.reload();
  assert.equal(await box.isChecked(), true);
  await close();
});

test('the theme can be switched and is kept', async () => {
  const {page, close} = await open(origin, {colorScheme: 'light'});
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  // The switch goes round: automatic, light, dark.
  const button = page.locator('header button').last();
  for (let click = 0; click < 3 && (await background()) === light; ++click) await button.click();
  const dark = await background();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await background(), dark);
  await close();
});

test('a drill page shows verdicts, outputs and counters', async () => {
  const {page, close} = await open(origin + 'drills/transpose.html', {javaScriptEnabled: false});
  const text = await page.locator('main').textContent();
  for (const part of [/cases passed/, /sectors per request/i, /wavefronts per request/i, /sm_90/, /failed as expected/i]) {
    assert.match(text, part);
  }
  assert.doesNotMatch(text, /does not hold|not counted/, 'a page is only published when every count holds');
  assert.ok((await page.locator('main .yes').count()) >= 10, 'the counts that the build insists on are shown as holding');
  await close();
});
