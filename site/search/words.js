// Text → the words that are compared: lower case, one name a thing, one spelling, no endings. Used on both sides, so that
// a stem need not be a word.
var drillpressSearch = drillpressSearch || {};

drillpressSearch.createWords = function (lists) {
  'use strict';
  var word = /[\p{L}\p{N}_+#\u2019']+/gu;
  var normals = new Map();
  var stems = new Map();
  var stop = new Set(lists.stop);

  function normal(raw) {
    var out = normals.get(raw);
    if (out === undefined) {
      out = raw.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/['\u2019]s?$/, '').replace(/['\u2019]/g, '');
      normals.set(raw, out);
    }
    return out;
  }

  // Rows: words of at least so many letters lose or change an ending.
  var endings = [
    [/ies$/, 'y', 4], [/([^sui])s$/, '$1', 4], [/isation$/, 'ization', 7], [/is(e|ed|er|ing)$/, 'iz$1', 6], [/our/, 'or', 6],
    [/(ation|ition|ate)$/, '', 7], [/(ing|ed)$/, '', 6], [/er$/, '', 6], [/al$/, '', 7], [/ly$/, '', 6],
    [/([^aeiou])\1$/, '$1', 4], [/e$/, '', 4]
  ];
  function stem(text) {
    var out = stems.get(text);
    if (out !== undefined) return out;
    out = text;
    if (/^[a-z]+$/.test(text)) {
      endings.forEach(function (row) { if (out.length >= row[2]) out = out.replace(row[0], row[1]); });
    }
    stems.set(text, out);
    return out;
  }

  function split(text) { return (text.match(word) || []).map(normal).filter(Boolean); }

  // Names of several words, by their first one; longer ones first, so that "batch normalisation" wins over "batch".
  var names = new Map();
  lists.same.forEach(function (row) {
    row[1].forEach(function (form) {
      var parts = split(form);
      if (!names.has(parts[0])) names.set(parts[0], []);
      names.get(parts[0]).push({ parts: parts, name: row[0] });
    });
  });
  names.forEach(function (forms) { forms.sort(function (a, b) { return b.parts.length - a.parts.length; }); });

  function terms(name) {
    var whole = name.replace(/^_+|_+$/g, '');
    if (!whole || stop.has(whole)) return [];
    if (whole.indexOf('_') < 0) return [stem(whole)];
    return [stem(whole)].concat(whole.split(/_+/).map(stem));
  }

  /** Calls back with (term, start, end) for every word that counts. */
  function each(text, tell) {
    var found = [];
    for (var match of text.matchAll(word)) {
      var name = normal(match[0]);
      if (name) found.push({ name: name, start: match.index, end: match.index + match[0].length });
    }
    for (var at = 0; at < found.length;) {
      var form = (names.get(found[at].name) || []).find(function (candidate) {
        return candidate.parts.every(function (part, i) { return found[at + i] && found[at + i].name === part; });
      });
      var count = form ? form.parts.length : 1;
      terms(form ? form.name : found[at].name).forEach(function (term) {
        tell(term, found[at].start, found[at + count - 1].end);
      });
      at += count;
    }
  }

  function tokens(text) {
    var out = [];
    each(text, function (term) { out.push(term); });
    return out;
  }

  var phrases = lists.phrases.map(function (row) {
    return { spoken: ' ' + split(row[0]).join(' ') + ' ', terms: ' ' + tokens(row[0]).join(' ') + ' ', add: row[1] };
  });

  var filler = lists.filler.map(function (phrase) { return split(phrase).join(' '); })
    .sort(function (a, b) { return b.length - a.length; });

  /** Words of a question, without what only leads up to it. A question that is nothing else is kept. */
  function asked(question) {
    var text = ' ' + split(question).join(' ') + ' ';
    filler.forEach(function (phrase) { text = text.replace(' ' + phrase + ' ', ' '); });
    var left = tokens(text);
    return left.length ? left : tokens(question);
  }

  /** What a question asks for besides its own words. */
  function related(question) {
    var asked = ' ' + tokens(question).join(' ') + ' ';
    var spoken = ' ' + split(question).join(' ') + ' ';
    var found = new Set();
    phrases.forEach(function (row) {
      var same = row.terms.trim() && asked.indexOf(row.terms) >= 0;
      if (!same && spoken.indexOf(row.spoken) < 0) return;
      row.add.forEach(function (more) { tokens(more).forEach(function (term) { found.add(term); }); });
    });
    return Array.from(found).filter(function (term) { return asked.indexOf(' ' + term + ' ') < 0; });
  }

  /** The text cut into runs, `hit` where a word is wanted. */
  function marked(text, wanted) {
    var runs = [];
    var end = 0;
    each(text, function (term, from, to) {
      if (!wanted.has(term) || from < end) return;
      if (from > end) runs.push({ text: text.slice(end, from), hit: false });
      runs.push({ text: text.slice(from, to), hit: true });
      end = to;
    });
    if (end < text.length) runs.push({ text: text.slice(end), hit: false });
    return runs;
  }

  return { tokens: tokens, asked: asked, related: related, marked: marked, split: split };
};
