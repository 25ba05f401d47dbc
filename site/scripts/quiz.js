// The readiness quiz: one question at a time, explanations at once, a score and what to read. Answers stay on this device
// under `drillpress.quiz.v1.ID`, by the item's id and hashes of the chosen texts: what is reworded counts as unanswered.
(function () {
  'use strict';
  var box = document.querySelector('[data-quiz]');
  if (!box) return;
  var kVersion = 1;
  var key = 'drillpress.quiz.v1.' + box.dataset.quiz;
  function part(name) { return box.querySelector('[data-quiz-' + name + ']'); }
  function field(name) { return document.getElementById('quiz-' + name); }
  function list(found) { return Array.prototype.slice.call(found); }
  function make(tag, text, className) {
    var element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  var holder = part('items');
  var items = list(holder.children).map(function (element, at) {
    var inputs = list(element.querySelectorAll('input'));
    var whys = {};
    list(element.querySelectorAll('[data-option]')).forEach(function (why) { whys[why.dataset.option] = why; });
    return {
      id: element.dataset.item, at: at, element: element, inputs: inputs, whys: whys,
      right: inputs.filter(function (input) { return whys[input.value].classList.contains('quiz-right'); })
                   .map(function (input) { return input.value; }),
      answer: element.querySelector('details'), verdict: element.querySelector('.quiz-verdict')
    };
  });
  var byId = {};
  items.forEach(function (item) { byId[item.id] = item; });

  // --- What is kept ---
  // Each step takes what the version before it wrote; the first version has none before it.
  var migrations = [];
  function fresh() { return { version: kVersion, answers: {}, mode: 'one', keys: true, seed: 0, topic: '', difficulty: '', at: '' }; }
  var state = fresh();
  var readOnly = false;
  var failed = false;

  function plain(value) { return value && typeof value === 'object' && !Array.isArray(value); }
  function load() {
    var text = null;
    try { text = localStorage.getItem(key); } catch (refused) { failed = true; }
    if (text === null) return fresh();
    var stored = null;
    try { stored = JSON.parse(text); } catch (damaged) { /* handled below, like a value of another shape */ }
    if (!plain(stored) || typeof stored.version !== 'number' || !plain(stored.answers)) {
      try { localStorage.setItem(key + '.damaged', text); } catch (refused) { readOnly = true; }  // never lost
      return fresh();
    }
    readOnly = stored.version > kVersion;  // a newer page wrote it: leave it alone
    while (stored.version < kVersion && migrations[stored.version]) stored = migrations[stored.version](stored);
    return Object.assign(fresh(), stored);
  }
  function save() {
    if (!readOnly) {
      try {
        localStorage.setItem(key, JSON.stringify(state));
        failed = false;
      } catch (refused) { failed = true; }
    }
    warn();
  }
  function warn() {
    part('warning').textContent = readOnly ? 'A newer version of this page keeps your answers; those given now last until you leave.'
      : failed ? 'This browser does not keep your answers: they last until you leave this page.' : '';
  }

  // --- Answers ---
  function chosen(item) {
    var stored = state.answers[item.id];
    var known = Array.isArray(stored) && stored.length && stored.every(function (id) { return item.whys[id]; });
    return known ? stored : null;
  }
  function isRight(item) {
    var given = chosen(item);
    return given.length === item.right.length && given.every(function (id) { return item.right.indexOf(id) >= 0; });
  }
  function shown() {
    return order.filter(function (item) {
      return (!state.topic || item.element.dataset.topic === state.topic) &&
             (!state.difficulty || item.element.dataset.difficulty === state.difficulty);
    });
  }

  // --- Order: from a seed, so that a reload keeps it ---
  var order = items;
  function random(seed) {  // mulberry32
    return function () {
      seed = (seed + 0x6D2B79F5) | 0;
      var t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
  function shuffled(array, next) {
    var copy = array.slice();
    for (var i = copy.length - 1; i > 0; i--) {
      var j = Math.floor(next() * (i + 1));
      var held = copy[i];
      copy[i] = copy[j];
      copy[j] = held;
    }
    return copy;
  }
  function arrange() {
    var next = random(state.seed);
    order = state.seed ? shuffled(items, next) : items;
    order.forEach(function (item, at) {
      holder.appendChild(item.element);
      item.element.querySelector('.quiz-number').textContent = at + 1;
      item.element.setAttribute('aria-label', 'Question ' + (at + 1));
      item.order = state.seed ? shuffled(item.inputs, next) : item.inputs;
      var letters = [];
      item.order.forEach(function (input, place) {
        var letter = String.fromCharCode(65 + place);
        var why = item.whys[input.value];
        input.closest('ul').appendChild(input.closest('li'));
        why.parentNode.appendChild(why);
        input.closest('label').querySelector('.quiz-letter').textContent = letter;
        why.querySelector('.quiz-letter').textContent = letter;
        if (item.right.indexOf(input.value) >= 0) letters.push(letter);
      });
      item.letters = letters.length > 1 ? letters.slice(0, -1).join(', ') + ' and ' + letters[letters.length - 1] : letters[0];
      var keyed = box.querySelector('[data-key="' + item.id + '"]');
      keyed.textContent = item.letters;
      keyed.previousElementSibling.textContent = at + 1;
      keyed.closest('ul').appendChild(keyed.closest('li'));
    });
  }

  // --- What is seen ---
  function current() {
    var among = shown();
    return among.indexOf(byId[state.at]) >= 0 ? byId[state.at] : among[0];
  }
  function draw() {
    var among = shown();
    var one = state.mode === 'one' ? current() : null;
    items.forEach(function (item) {
      var given = chosen(item);
      item.element.hidden = among.indexOf(item) < 0 || (one !== null && item !== one);
      item.element.classList.toggle('quiz-done', !!given);
      item.inputs.forEach(function (input) {
        input.disabled = !!given;
        if (given) input.checked = given.indexOf(input.value) >= 0;
        input.closest('li').className = !given ? '' : item.right.indexOf(input.value) >= 0 ? 'quiz-right' : input.checked ? 'quiz-wrong' : '';
      });
      if (given && item.drawn !== String(given)) item.answer.open = true;
      if (!given && item.drawn) item.answer.open = false;
      item.drawn = given ? String(given) : '';
      item.answer.hidden = !given;
      item.verdict.textContent = given ? (isRight(item) ? 'Right: ' : 'Not right. It is ') + item.letters + '.' : item.letters;
      item.check.hidden = !!given;
      item.next.hidden = among.length < 2;
      item.previous.hidden = among.length < 2 || !one;
    });
    var done = items.filter(chosen);
    field('meter').value = done.length;
    var status = done.length + ' of ' + items.length + ', ' + done.filter(isRight).length + ' right';
    if (among.length < items.length) status += '; ' + among.length + ' shown';
    if (part('status').textContent !== status) part('status').textContent = status;
    field('topic').value = state.topic;
    field('difficulty').value = state.difficulty;
    field('mode').value = state.mode;
    field('order').value = state.seed ? 'shuffled' : 'written';
    field('keys').checked = state.keys;
    part('retry').hidden = done.every(isRight);
    report(done);
  }

  function report(done) {
    part('report').hidden = !done.length;
    var right = done.filter(isRight).length;
    part('score').textContent = right + ' of ' + done.length + ' answered questions right' +
      (done.length < items.length ? '; ' + (items.length - done.length) + ' are still open.' : '.');
    var topics = [];
    var known = {};
    items.forEach(function (item) {
      var id = item.element.dataset.topic;
      var topic = known[id];
      if (!topic) {
        topic = known[id] = { title: item.element.dataset.topicTitle, all: 0, done: 0, lost: 0, links: [] };
        topics.push(topic);
      }
      topic.all++;
      if (!chosen(item)) return;
      topic.done++;
      if (isRight(item)) return;
      topic.lost++;
      list(item.element.querySelectorAll('.quiz-links a')).forEach(function (link) {
        var same = topic.links.filter(function (l) { return l.link.href === link.href; })[0];
        if (same) same.times++;
        else topic.links.push({ link: link, times: 1 });
      });
    });
    var rows = part('topics');
    rows.textContent = '';
    topics.forEach(function (topic) {
      var row = rows.appendChild(make('tr'));
      var head = row.appendChild(make('th', topic.title));
      head.scope = 'row';
      [topic.done - topic.lost, topic.done, topic.all].forEach(function (n) { row.appendChild(make('td', n)); });
    });
    // The most lost questions first, then the larger share; the pages that most of them name first.
    var gaps = topics.filter(function (topic) { return topic.lost; });
    gaps.sort(function (a, b) { return b.lost - a.lost || b.lost / b.done - a.lost / a.done; });
    var place = part('gaps');
    place.textContent = '';
    if (!gaps.length) place.appendChild(make('p', 'No answer so far was wrong.'));
    gaps.forEach(function (topic) {
      place.appendChild(make('h3', topic.title + ': ' + topic.lost + ' of ' + topic.done + ' wrong'));
      var links = place.appendChild(make('ul'));
      topic.links.sort(function (a, b) { return b.times - a.times; });
      topic.links.forEach(function (entry) {
        var line = links.appendChild(make('li', entry.link.dataset.kind + ': '));
        var link = line.appendChild(make('a', entry.link.textContent));
        link.href = entry.link.getAttribute('href');
      });
    });
  }

  // --- What readers do ---
  function change(values) {
    Object.assign(state, values);
    save();
    draw();
  }
  function check(item) {
    var given = item.inputs.filter(function (input) { return input.checked; }).map(function (input) { return input.value; });
    if (!given.length) {
      item.inputs[0].focus();
      return;
    }
    adopt();  // another tab may have answered meanwhile
    state.answers[item.id] = given;
    state.at = item.id;
    change({});
    item.verdict.focus();
  }
  function step(item, by) {
    var among = shown();
    var to = among[(among.indexOf(item) + by + among.length) % among.length];
    change({ at: to.id });
    to.element.focus();
  }
  function clear(which) {
    which.forEach(function (item) {
      delete state.answers[item.id];
      item.inputs.forEach(function (input) { input.checked = false; });
    });
  }
  function adopt() {
    var stored = load();
    if (!failed && !readOnly) state.answers = stored.answers;
  }

  items.forEach(function (item) {
    var actions = make('p', undefined, 'quiz-actions');
    function button(words, action) {
      var made = actions.appendChild(make('button', words, words === 'Check' ? 'button' : ''));
      made.type = 'button';
      made.addEventListener('click', action);
      return made;
    }
    item.check = button('Check', function () { check(item); });
    item.previous = button('Previous', function () { step(item, -1); });
    item.next = button('Next', function () { step(item, 1); });
    item.element.insertBefore(actions, item.answer);
  });

  field('topic').addEventListener('change', function () { change({ topic: this.value, at: '' }); });
  field('difficulty').addEventListener('change', function () { change({ difficulty: this.value, at: '' }); });
  field('mode').addEventListener('change', function () { change({ mode: this.value }); });
  field('keys').addEventListener('change', function () { change({ keys: this.checked }); });
  function reorder(mix) {
    state.seed = mix ? 1 + Math.floor(Math.random() * 0x7fffffff) : 0;
    arrange();
  }
  field('order').addEventListener('change', function () {
    reorder(this.value === 'shuffled');
    change({ at: '' });
  });
  part('restart').addEventListener('click', function () {
    if (!items.some(chosen) || !confirm('Forget all answers of this quiz?')) return;
    clear(items);
    if (state.seed) reorder(true);
    change({ at: '' });
    shown()[0].element.focus();
  });
  part('retry').addEventListener('click', function () {
    var wrong = order.filter(function (item) { return chosen(item) && !isRight(item); });
    clear(wrong);
    change({ topic: '', difficulty: '', at: wrong[0].id });
    wrong[0].element.focus();
  });

  // The item with the focus, else the one shown, else the first open one.
  function addressed() {
    var holding = items.filter(function (item) { return item.element.contains(document.activeElement); })[0];
    if (holding || state.mode === 'one') return holding || current();
    return shown().filter(function (item) { return !chosen(item); })[0];
  }
  document.addEventListener('keydown', function (event) {
    var target = event.target;
    if (!state.keys || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.closest('select, textarea, dialog, [contenteditable], input:not([type="radio"]):not([type="checkbox"])')) return;
    var item = addressed();
    if (!item) return;
    var digit = '12345'.indexOf(event.key);
    if (event.key.length === 1 && digit >= 0 && item.order[digit] && !chosen(item)) {
      item.order[digit].click();
      item.order[digit].focus();
    } else if (event.key === 'n') {
      step(item, 1);
    } else if (event.key === 'Enter' && !target.closest('button, a, summary')) {
      if (chosen(item)) step(item, 1);
      else check(item);
    } else {
      return;
    }
    event.preventDefault();
  });
  addEventListener('storage', function (event) {
    if (event.key !== null && event.key !== key) return;
    var before = state.seed;
    state = load();
    if (state.seed !== before) arrange();
    draw();
  });
  // A link to an item shows it, whatever is filtered.
  function follow() {
    var item = items.filter(function (i) { return '#' + i.element.id === decodeURIComponent(location.hash); })[0];
    if (!item) return;
    change({ topic: '', difficulty: '', at: item.id });
    item.element.scrollIntoView();
  }
  addEventListener('hashchange', follow);

  state = load();
  part('paper').hidden = true;
  part('bar').hidden = false;
  arrange();
  warn();
  draw();
  follow();
})();
