// The texts of the site → pages in the order of their fit to a question, with the parts that fit best. No page is
// touched here, so that it also runs outside a browser.
var drillpressSearch = drillpressSearch || {};

drillpressSearch.createRanking = function (MiniSearch, index) {
  'use strict';
  var words = drillpressSearch.createWords(index.words);
  var pageFields = { title: 6, question: 4, names: 3, headings: 2, description: 2.5 };
  var partFields = { heading: 3, text: 1, symbols: 1 };
  // What a page is weighs as well: plans and lists mention everything and answer little.
  var kindWeight = { guide: 1.1, card: 1, drill: 0.9, checklist: 0.7, quiz: 0.45, page: 0.6, term: 0.5 };
  var relatedWeight = 0.35;
  var partWeight = 0.8;
  var mostTerms = 2;
  // A page that has few of the question's words, weighed by their rarity, counts for this share of its score.
  var leastCovered = 0.2;

  // Texts are cut into words once and go in as words.
  function split(terms) { return terms.split(' '); }
  function engine(fields) {
    return new MiniSearch({
      fields: Object.keys(fields), tokenize: split, processTerm: function (term) { return term; },
      searchOptions: { boost: fields, weights: { prefix: 0.3, fuzzy: 0.25 } }
    });
  }
  var pages = engine(pageFields);
  var parts = engine(partFields);
  var place = [];  // of a part: its page and its number there

  function add(page, at) {
    var columns = page.parts.map(function (part, number) {
      var fields = { id: place.length, heading: cut(part[1]), text: cut(part[2]), symbols: cut(part[3]) };
      parts.add(fields);
      place.push([at, number]);
      return fields;
    });
    function all(field) { return columns.map(function (fields) { return fields[field]; }).join(' '); }
    var topics = page.topics.map(function (topic) { return index.topics[topic][1]; });
    countWords(page, columns);
    pages.add({
      id: at, title: cut(page.title), question: cut(page.question), description: cut(page.description),
      names: cut([page.names, page.area].concat(topics).join(' ')),
      headings: all('heading')
    });
  }
  // How many pages have a word: one that few have tells more of what is asked.
  var pagesWith = new Map();
  function countWords(page, columns) {
    var seen = new Set();
    function see(text) { split(text).forEach(function (term) { seen.add(term); }); }
    [page.title, page.question, page.description].forEach(function (text) { see(cut(text)); });
    columns.forEach(function (fields) { see(fields.heading); see(fields.text); });
    seen.forEach(function (term) { pagesWith.set(term, (pagesWith.get(term) || 0) + 1); });
  }
  function rarity(term) { return pagesWith.has(term) ? Math.log(1 + index.pages.length / pagesWith.get(term)) : 0; }

  function cut(text) { return text ? words.tokens(text).join(' ') : ''; }

  var added = 0;
  /** Takes in one page more; false when all are in. Nothing is found in pages that are not. */
  function addNext() {
    if (added < index.pages.length) add(index.pages[added], added++);
    return added < index.pages.length;
  }

  function fits(page, filters) {
    return (!filters.kind || page.kind === filters.kind) &&
      (!filters.difficulty || page.difficulty === filters.difficulty) &&
      (!filters.role || page.roles.some(function (role) { return index.roles[role][0] === filters.role; })) &&
      (!filters.topic || page.topics.some(function (topic) { return index.topics[topic][0] === filters.topic; }));
  }

  // The word being typed may be unfinished; long words may be misspelt.
  function ownOptions(count, unfinished) {
    return {
      prefix: function (term, at) { return unfinished && at === count - 1; },
      fuzzy: function (term) { return term.length > 4 ? 0.2 : false; }
    };
  }

  /**
   * Results, best first: {page, score, parts: [{anchor, heading, text, score}], terms}. `filters` may name a kind, role,
   * topic or difficulty.
   */
  function search(question, filters, most) {
    var own = words.asked(question);
    var more = words.related(question);
    var how = ownOptions(own.length, !/\s$/.test(question));
    var found = new Map();
    function take(hits, weight) {
      hits.forEach(function (hit) {
        var page = index.pages[hit.id];
        if (!fits(page, filters || {})) return;
        var result = found.get(hit.id) || { page: page, score: 0, parts: [], terms: new Set(), asked: new Set() };
        result.score += weight * hit.score;
        hit.terms.forEach(function (term) { result.terms.add(term); });
        if (weight === 1) hit.queryTerms.forEach(function (term) { result.asked.add(term); });
        found.set(hit.id, result);
      });
    }
    if (own.length) take(pages.search(own.join(' '), how), 1);
    if (more.length) take(pages.search(more.join(' ')), relatedWeight);
    (own.length ? parts.search(own.join(' '), how) : []).forEach(function (hit) {
      var at = place[hit.id][0];
      if (!fits(index.pages[at], filters || {})) return;
      if (!found.has(at)) found.set(at, { page: index.pages[at], score: 0, parts: [], terms: new Set(), asked: new Set() });
      var result = found.get(at);
      hit.terms.forEach(function (term) { result.terms.add(term); });
      hit.queryTerms.forEach(function (term) { result.asked.add(term); });
      var part = result.page.parts[place[hit.id][1]];
      result.parts.push({ anchor: part[0], heading: part[1], text: part[2], score: hit.score });
    });
    var asked = own.join(' ');
    function weigh(terms) { return terms.reduce(function (sum, term) { return sum + rarity(term); }, 0); }
    var whole = weigh(Array.from(new Set(own)));
    var results = Array.from(found.values());
    results.forEach(function (result) {
      result.parts.forEach(function (part, at) { result.score += partWeight * part.score / (at + 1) / (at + 1); });
      if (whole) result.score *= leastCovered + (1 - leastCovered) * weigh(Array.from(result.asked)) / whole;
      result.score *= kindWeight[result.page.kind] || 1;
      if (words.tokens(result.page.title).join(' ') === asked) result.score *= result.page.kind === 'term' ? 2 : 4;
    });
    results.sort(function (a, b) { return b.score - a.score || (a.page.url < b.page.url ? -1 : 1); });
    var terms = 0;
    return results.filter(function (result) {
      return result.page.kind !== 'term' || ++terms <= mostTerms;
    }).slice(0, most || 10);
  }

  // Edits (insert, delete, replace) that turn one word into the other.
  function distance(a, b) {
    var row = Array.from({ length: b.length + 1 }, function (unused, i) { return i; });
    for (var i = 1; i <= a.length; i++) {
      var before = i - 1;
      row[0] = i;
      for (var j = 1; j <= b.length; j++) {
        var above = row[j];
        row[j] = Math.min(above + 1, row[j - 1] + 1, before + (a[i - 1] === b[j - 1] ? 0 : 1));
        before = above;
      }
    }
    return row[b.length];
  }

  /** Pages whose title has a word like one of the question's, nearest first; for a question without results. */
  function suggest(question, most) {
    var asked = words.split(question).filter(function (w) { return w.length > 2; });
    return index.pages.map(function (page) {
      var best = Infinity;
      words.split(page.title + ' ' + (page.names || '')).forEach(function (have) {
        asked.forEach(function (want) {
          best = Math.min(best, distance(want, have.slice(0, want.length + 2)) / Math.max(want.length, 1));
        });
      });
      return { page: page, far: best };
    }).filter(function (row) { return row.far < 0.5; }).sort(function (a, b) {
      return a.far - b.far || (a.page.url < b.page.url ? -1 : 1);
    }).slice(0, most).map(function (row) { return row.page; });
  }

  /** About `length` characters of a text around most of what was found, as runs with `hit`. */
  function excerpt(text, terms, length) {
    var runs = words.marked(text, terms);
    if (text.length <= length) return runs;
    var hits = [];
    var at = 0;
    runs.forEach(function (run) {
      if (run.hit) hits.push([at, run.text.toLowerCase()]);
      at += run.text.length;
    });
    var start = 0;
    var most = 0;
    hits.forEach(function (hit) {
      var inside = hits.filter(function (other) { return other[0] >= hit[0] && other[0] < hit[0] + length; });
      var kinds = new Set(inside.map(function (other) { return other[1]; })).size;
      if (kinds > most) { most = kinds; start = hit[0]; }
    });
    start = Math.max(0, start - 40);
    if (start > 0) start = text.indexOf(' ', start) + 1;
    var end = Math.min(text.length, start + length);
    if (end < text.length) end = Math.max(text.lastIndexOf(' ', end), start + 1);
    var shown = words.marked(text.slice(start, end), terms);
    if (start > 0) shown.unshift({ text: '\u2026 ', hit: false });
    if (end < text.length) shown.push({ text: ' \u2026', hit: false });
    return shown;
  }

  return { addNext: addNext, search: search, suggest: suggest, excerpt: excerpt, index: index };
};
