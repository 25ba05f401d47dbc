// A small site with one quiz, built by the program under test: four items written out, and as many sums as a quiz needs.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const WRITTEN = `title: "Are you ready?"
description: "A quiz for the tests of quizzes."
role: ml-engineer
items:
  - id: strided-load
    topic: memory
    difficulty: easy
    question: "A warp loads \`x[8 * lane]\` of **floats**. How many sectors?"
    options:
      - {text: "4", why: "That is stride 1: 128 neighbouring bytes."}
      - {text: "8", why: "Eight is the stride, not the number of sectors."}
      - {text: "32", why: "Each lane's 4 bytes lie 32 bytes apart, so each has a sector of its own.", correct: true}
    links: [coalescing]
  - id: padded-tile
    topic: memory
    difficulty: medium
    question: "Which of these end the conflicts of a column read of a 32 × 32 tile of floats?"
    options:
      - {text: "a row of 33 floats", why: "The column then walks through all banks.", correct: true}
      - {text: "an exclusive or of row and column in the index", why: "Swizzling spreads a column over all banks as well.", correct: true}
      - {text: "a second barrier", why: "Barriers order accesses; they do not move them."}
      - {text: "a row of 64 floats", why: "64 is a multiple of 32 banks, so that the column stays in one bank."}
    links: [coalescing, banks]
  - id: escaped
    topic: testing
    difficulty: hard
    question: 'Is \`<b>&"</b>\` markup & "quoted"?'
    options:
      - {text: '\`<script>alert(1)</script>\`', why: "x < y & z"}
      - {text: "it is shown as it is written", why: "Everything is escaped.", correct: true}
      - {text: 'no "', why: "It is."}
    links: [about]
  - id: base-rate
    topic: statistics
    difficulty: medium
    question: "1 % of jobs are bad, an alarm finds 90 % of them and cries for 10 % of the good ones. What share of alarms is right?"
    options:
      - {text: "about 8 %", why: "0.9 % of jobs against 9.9 %: 0.9 / 10.8.", correct: true}
      - {text: "about 50 %", why: "That would need as many bad jobs as good ones that alarm."}
      - {text: "90 %", why: "That is the share of bad jobs that are found."}
    links: [about]
`;

function sum(i) {
  return `  - id: sum-${i}
    topic: sums
    difficulty: easy
    question: "How much is ${i} + ${i}?"
    options:
      - {text: "${2 * i}", why: "It is twice ${i}.", correct: true}
      - {text: "${2 * i + 1}", why: "One too many."}
      - {text: "${2 * i + 2}", why: "Two too many."}
    links: [about]
`;
}

const CARD = (title) => `---
title: ${title}
question: Why?
area: CUDA
---
## Why they ask

a

## In sixty seconds

b

## In depth

c

## What a strong answer shows

d

## What sinks a weak one

e

## Follow-ups

f
`;

const TOPICS = ['memory', 'testing', 'statistics', 'sums'].map((id) => `- {id: ${id}, title: About ${id}}\n`).join('');

/** Writes and builds the site; gives the folder of the built one. `items` is how many sums there are. */
export function buildQuizSite(sums = 36) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'drillpress-quiz-'));
  const files = {
    'content/roles.yaml': '- {id: ml-engineer, title: Machine-learning engineer}\n',
    'content/topics.yaml': TOPICS,
    'content/cards/coalescing.md': CARD('Coalescing'),
    'content/cards/banks.md': CARD('Banks'),
    'content/pages/about.md': '---\ntitle: About\n---\n## Text\n\n[A question](../quizzes/engineer.yaml#q-strided-load).\n',
    'content/guides/engineer.md': '---\ntitle: Engineer\ndescription: A guide.\nrole: ml-engineer\n---\n## Text\n\nText.\n',
    'content/quizzes/engineer.yaml': WRITTEN + Array.from({length: sums}, (_, i) => sum(i + 1)).join(''),
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
    fs.writeFileSync(path.join(root, name), text);
  }
  execFileSync(process.env.DRILLPRESS, ['build', '--root', root, '--quiet'], {stdio: 'inherit'});
  return {root, site: path.join(root, 'public')};
}
