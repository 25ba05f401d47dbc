// The HTML of every page is valid, and nothing in it breaks the strict policy.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {HtmlValidate} from 'html-validate';
import {SITE, pages} from './site.mjs';
import {VALIDATION} from './html-rules.mjs';

const validator = new HtmlValidate(VALIDATION);

test('every page is valid HTML', async () => {
  const bad = [];
  for (const file of pages()) {
    const report = await validator.validateFile(path.join(SITE, file));
    for (const result of report.results) {
      for (const message of result.messages) bad.push(`${file}:${message.line}: ${message.ruleId}: ${message.message}`);
    }
  }
  assert.deepEqual(bad.slice(0, 20), []);
});

test('no page holds inline styles, inline scripts or foreign addresses to load from', () => {
  const bad = [];
  for (const file of pages()) {
    const html = fs.readFileSync(path.join(SITE, file), 'utf8');
    for (const pattern of [/\sstyle="/, /<style[\s>]/, /<script(?![^>]*\ssrc=)/, /\son[a-z]+="/, /(?:src|srcset)="(?:https?:)?\/\//, /<link[^>]+href="https?:[^>]+stylesheet/]) {
      if (pattern.test(html)) bad.push(`${file}: ${pattern}`);
    }
  }
  assert.deepEqual(bad, []);
});
