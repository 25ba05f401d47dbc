// The dialog: a combobox over the results, which are grouped by page. It loads the texts when it opens first.
var drillpressSearch = drillpressSearch || {};

(function () {
  'use strict';
  var link = document.querySelector('.search-open[data-script]');
  var root = link.dataset.root;
  var shownParts = 2;
  var excerptLength = 170;
  var sliceMilliseconds = 25;
  var state = { ranking: null, failed: false, options: [], active: -1 };
  var dialog, input, facets, status, list, share;

  function make(name, attributes, children) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }

  // --- Loading ---

  var loading = null;
  function load() {
    loading = loading || fetchScript(link.dataset.index).then(function () {
      return Promise.all(drillpressIndex.files.map(fetchScript));
    }).then(prepare);
    return loading;
  }
  function fetchScript(file) {
    return new Promise(function (done, fail) {
      var script = make('script', { src: root + file });
      script.onload = done;
      script.onerror = fail;
      document.head.appendChild(script);
    });
  }
  // In slices, so that typing is not held up.
  function prepare() {
    var ranking = drillpressSearch.createRanking(MiniSearch, drillpressIndex);
    return new Promise(function (done) {
      (function slice() {
        var end = performance.now() + sliceMilliseconds;
        while (performance.now() < end) {
          if (!ranking.addNext()) return done(ranking);
        }
        setTimeout(slice, 0);
      })();
    });
  }

  // --- The dialog ---

  function select(name, label, rows) {
    var box = make('select', { 'aria-label': label }, [make('option', { value: '' }, [label + ': all'])]);
    rows.forEach(function (row) { box.append(make('option', { value: row[0] }, [row[1]])); });
    box.dataset.facet = name;
    box.addEventListener('change', find);
    return box;
  }
  function build() {
    input = make('input', {
      id: 'finder-input', type: 'search', role: 'combobox', 'aria-label': 'Search', 'aria-expanded': 'false',
      'aria-controls': 'finder-list', 'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false',
      maxlength: '300', placeholder: 'A question, a word or a function\u2019s name'
    });
    var close = make('button', { type: 'button', 'class': 'finder-close' }, ['Close']);
    facets = make('div', { 'class': 'finder-facets' });
    status = make('p', { 'class': 'finder-status', role: 'status' });
    list = make('div', { id: 'finder-list', role: 'listbox', 'aria-label': 'Results' });
    share = make('a', { href: root + 'search.html' }, ['Link to this search']);
    dialog = make('dialog', { 'class': 'finder', 'aria-label': 'Search this site' }, [
      make('form', { 'class': 'finder-head', role: 'search' }, [input, close]), facets, status, list,
      make('p', { 'class': 'finder-foot' }, [
        make('span', { 'class': 'finder-keys' }, ['\u2191 \u2193 choose \u00b7 Enter opens \u00b7 Esc closes']), share,
        make('a', { href: root + 'search.html' }, ['All pages'])])
    ]);
    close.addEventListener('click', function () { dialog.close(); });
    input.addEventListener('input', find);
    input.addEventListener('keydown', key);
    dialog.querySelector('form').addEventListener('submit', function (event) { event.preventDefault(); });
    dialog.addEventListener('click', function (event) {
      if (event.target === dialog || event.target.closest('a[href*="#"]')) dialog.close();
    });
    document.body.append(dialog);
  }
  function addFacets(index) {
    var difficulties = ['easy', 'medium', 'hard'].map(function (word) { return [word, word]; });
    facets.replaceChildren(select('kind', 'Kind', index.kinds), select('role', 'Role', index.roles),
                           select('topic', 'Topic', index.topics), select('difficulty', 'Difficulty', difficulties));
  }

  drillpressSearch.open = function (question) {
    if (!dialog) build();
    if (!dialog.open) dialog.showModal();
    if (question) input.value = question;
    input.focus();
    input.select();
    load().then(function (ranking) {
      if (!state.ranking) addFacets(ranking.index);
      state.ranking = ranking;
      find();
    }, function () {
      state.failed = true;
      find();
    });
    find();
  };

  // --- Results ---

  function filters() {
    var wanted = {};
    facets.querySelectorAll('select').forEach(function (box) { if (box.value) wanted[box.dataset.facet] = box.value; });
    return wanted;
  }
  function say(text) { if (status.textContent !== text) status.textContent = text; }

  function find() {
    var question = input.value.trim();
    share.hidden = !question;
    share.href = root + 'search.html#q=' + encodeURIComponent(question);
    if (state.failed) return show([], 'The search could not be loaded. All pages are listed behind the link below.');
    if (!state.ranking) return show([], 'Loading the texts of this site \u2026');
    if (!question) return show([], 'Type a question as you would ask it.');
    var wanted = filters();
    var results = state.ranking.search(input.value, wanted, 10);
    if (results.length) return show(results.map(group), results.length === 1 ? 'One page' : results.length + ' pages, best first');
    var filtered = Object.keys(wanted).length > 0;
    var near = filtered ? [] : state.ranking.suggest(question, 5);
    show(near.map(function (page) { return groupOf(page, [option(page.url, [title(page)], page)]); }),
         'Nothing found for \u201c' + question + '\u201d' + (filtered ? ' with these filters.' : near.length ? '. Titles that come near:' : '.'));
  }

  function show(groups, text) {
    list.replaceChildren.apply(list, groups);
    list.hidden = groups.length === 0;
    state.options = Array.from(list.querySelectorAll('[role="option"]'));
    state.options.forEach(function (entry, at) { entry.id = 'finder-option-' + at; });
    input.setAttribute('aria-expanded', String(groups.length > 0));
    list.scrollTop = 0;
    choose(groups.length ? 0 : -1);
    say(text);
  }

  function runs(pieces) {
    return pieces.map(function (run) { return run.hit ? make('mark', {}, [run.text]) : run.text; });
  }
  function title(page) { return make('span', { 'class': 'finder-title' }, [page.title]); }
  function facts(page) {
    var kind = state.ranking.index.kinds.find(function (row) { return row[0] === page.kind; });
    return [kind ? kind[1] : page.kind, page.area || '', page.difficulty || ''].filter(Boolean).join(' \u00b7 ');
  }
  function option(url, children, page) {
    if (page) children.push(make('span', { 'class': 'finder-facts' }, [facts(page)]));
    return make('a', { role: 'option', tabindex: '-1', 'aria-selected': 'false', href: root + url }, children);
  }
  function groupOf(page, options) {
    return make('div', { role: 'group', 'class': 'finder-group', 'aria-label': page.title }, options);
  }
  function group(result) {
    var page = result.page;
    var ranking = state.ranking;
    var parts = result.parts.filter(function (part) { return part.anchor; }).slice(0, shownParts);
    var definition = page.kind === 'term' && page.parts[0] ? page.parts[0][2] : '';
    var about = definition || page.question || (parts.length ? '' : page.description);
    var children = [title(page)];
    if (about) children.push(make('span', { 'class': 'finder-text' }, runs(ranking.excerpt(about, result.terms, 2 * excerptLength))));
    return groupOf(page, [option(page.url, children, page)].concat(parts.map(function (part) {
      return option(page.url + '#' + part.anchor, [
        make('span', { 'class': 'finder-part' }, [part.heading]),
        make('span', { 'class': 'finder-text' }, runs(ranking.excerpt(part.text, result.terms, excerptLength)))]);
    })));
  }

  function choose(at) {
    var before = state.options[state.active];
    if (before) before.setAttribute('aria-selected', 'false');
    state.active = at;
    var now = state.options[at];
    if (!now) return input.removeAttribute('aria-activedescendant');
    now.setAttribute('aria-selected', 'true');
    input.setAttribute('aria-activedescendant', now.id);
    now.scrollIntoView({ block: 'nearest' });
  }
  function key(event) {
    var count = state.options.length;
    if (event.key === 'Escape') {
      event.preventDefault();
      dialog.close();
    } else if (event.isComposing || !count) {
      return;
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      choose((state.active + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      state.options[Math.max(state.active, 0)].click();
    }
  }

  /** Behind a dead address: pages whose names are like its last part. */
  drillpressSearch.suggestHere = function () {
    var place = document.querySelector('[data-suggestions]');
    var wanted = location.pathname.split('/').pop().replace(/\.html?$/, '').replace(/[^a-zA-Z0-9]+/g, ' ');
    if (!place || !wanted || wanted === '404') return;
    load().then(function (ranking) {
      var pages = ranking.search(wanted, {}, 5).map(function (result) { return result.page; });
      if (!pages.length) pages = ranking.suggest(wanted, 5);
      if (!pages.length) return;
      place.append(make('h2', {}, ['Perhaps you meant']), make('ul', {}, pages.map(function (page) {
        return make('li', {}, [make('a', { href: root + page.url }, [page.title])]);
      })));
    }, function () {});
  };
})();
