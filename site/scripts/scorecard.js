// Worksheets: entries stay on this device under `drillpress.scorecard.v1.ID`, by table, row and column; formulas and bands
// follow what is entered. A file or another tab never overwrites silently: what is replaced is listed as earlier.
(function () {
  'use strict';
  var sheet = document.querySelector('[data-sheet]');
  if (!sheet) return;
  var kVersion = 1;
  var kFormat = 'drillpress-scorecard';
  var id = sheet.dataset.sheet;
  var key = 'drillpress.scorecard.v1.' + id;
  function part(name) { return sheet.querySelector('[data-sheet-' + name + ']'); }
  function list(found) { return Array.prototype.slice.call(found); }
  var fields = list(sheet.querySelectorAll('[data-cell]'));
  var migrations = [];  // each takes what the version before it wrote; the first version has none before it
  var readOnly = false;

  function plain(value) { return value && typeof value === 'object' && !Array.isArray(value); }
  // cells: path → {value, at}; earlier: [{path, value, at}], what was replaced or cleared.
  function fresh() { return { format: kFormat, version: kVersion, id: id, cells: {}, earlier: [] }; }
  function usable(data) {
    return plain(data) && data.format === kFormat && typeof data.version === 'number' && plain(data.cells) && Array.isArray(data.earlier);
  }
  function upgraded(data) {
    while (data.version < kVersion && migrations[data.version]) data = migrations[data.version](data);
    return data;
  }
  function load() {
    var text = null;
    try { text = localStorage.getItem(key); } catch (refused) { say('This browser does not keep your entries: save them to a file before you leave.'); }
    if (text === null) return fresh();
    var data = null;
    try { data = JSON.parse(text); } catch (damaged) { /* kept below, like a value of another shape */ }
    if (!usable(data)) {
      try { localStorage.setItem(key + '.damaged', text); } catch (refused) { readOnly = true; }
      return fresh();
    }
    readOnly = data.version > kVersion;
    if (readOnly) say('A newer version of this page keeps your entries: save what you enter now to a file.');
    return upgraded(data);
  }
  function save() {
    if (readOnly) return;
    try { localStorage.setItem(key, JSON.stringify(data)); }
    catch (refused) { say('This browser does not keep your entries: save them to a file before you leave.'); }
  }
  function say(words) { part('status').textContent = words; }

  // --- Merging: the newer entry stands, the other one is listed ---
  function same(a, b) { return a.path === b.path && a.value === b.value; }
  function keep(entry) {
    if (entry.value !== '' && !data.earlier.some(function (e) { return same(e, entry); })) data.earlier.push(entry);
  }
  function merge(other) {
    var taken = 0;
    Object.keys(other.cells).forEach(function (path) {
      var theirs = other.cells[path];
      var ours = data.cells[path];
      if (!plain(theirs) || typeof theirs.value !== 'string') return;
      if (ours && ours.value === theirs.value) return;
      var theirsIsNewer = !ours || ours.value === '' || (Number(theirs.at) || 0) > (Number(ours.at) || 0);
      if (theirs.value === '') theirsIsNewer = false;  // an empty cell replaces nothing
      var loser = theirsIsNewer ? ours : theirs;
      if (theirsIsNewer) {
        data.cells[path] = { value: theirs.value, at: Number(theirs.at) || 0 };
        taken++;
      }
      if (loser) keep({ path: path, value: loser.value, at: Number(loser.at) || 0 });
    });
    other.earlier.forEach(function (entry) {
      if (plain(entry) && typeof entry.path === 'string' && typeof entry.value === 'string') keep(entry);
    });
    return taken;
  }

  // --- What is seen ---
  function valueOf(field) { return field.type === 'checkbox' ? (field.checked ? '1' : '') : field.value.trim(); }
  function nameOf(path) {
    var field = fields.filter(function (f) { return f.dataset.cell === path; })[0];
    return field ? field.getAttribute('aria-label') : path;
  }
  function draw() {
    fields.forEach(function (field) {
      var entry = data.cells[field.dataset.cell];
      var value = entry ? entry.value : '';
      if (field.type === 'checkbox') field.checked = value === '1';
      else if (field.value.trim() !== value) field.value = value;
    });
    var earlier = part('earlier');
    earlier.hidden = !data.earlier.length;
    var lines = earlier.querySelector('ul');
    lines.textContent = '';
    data.earlier.forEach(function (entry) {
      var line = lines.appendChild(document.createElement('li'));
      line.textContent = nameOf(entry.path) + ': ' + entry.value + ' ';
      var back = line.appendChild(document.createElement('button'));
      back.type = 'button';
      back.textContent = 'Put back';
      back.setAttribute('aria-label', 'Put back ' + entry.value + ' in ' + nameOf(entry.path));
      back.addEventListener('click', function () {
        data.earlier = data.earlier.filter(function (e) { return e !== entry; });
        enter(entry.path, entry.value, true);
        draw();
      });
    });
    compute();
  }
  function compute() {
    list(sheet.querySelectorAll('[data-table]')).forEach(function (table) {
      var rows = list(table.querySelectorAll('[data-row]')).map(function (row) {
        var cells = {};
        list(row.querySelectorAll('[data-cell]')).forEach(function (field) {
          if (field.tagName === 'TEXTAREA') return;
          var column = field.dataset.cell.split('/')[2];
          var number = field.type === 'checkbox' ? (field.checked ? 1 : 0) : drillpressFormula.number(field.value.trim().replace(',', '.'));
          if (number !== null) cells[column] = number;
          if (field.inputMode === 'decimal') field.setAttribute('aria-invalid', String(field.value.trim() !== '' && number === null));
        });
        list(table.querySelectorAll('[data-column]')).forEach(function (head) {
          var value = drillpressFormula.evaluate(head.dataset.steps, function (name) { return name in cells ? cells[name] : null; });
          var cell = row.querySelector('[data-computed="' + head.dataset.column + '"]');
          cell.textContent = value === null ? '' : drillpressFormula.rounded(value, Number(head.dataset.decimals));
          if (value !== null) cells[head.dataset.column] = value;
        });
        return cells;
      });
      var results = {};
      list(sheet.querySelectorAll('[data-results="' + table.dataset.table + '"] [data-result]')).forEach(function (place) {
        var value = drillpressFormula.evaluate(place.dataset.steps,
          function (name) { return name in results ? results[name] : null; },
          function (name) { return rows.filter(function (r) { return name in r; }).map(function (r) { return r[name]; }); });
        if (value !== null) results[place.dataset.result] = value;
        var text = value === null ? '' : drillpressFormula.rounded(value, Number(place.dataset.decimals));
        if (place.textContent !== text) place.textContent = text;
        var found = null;
        list(place.parentNode.querySelectorAll('[data-from]')).forEach(function (band) {
          band.removeAttribute('aria-current');
          if (value !== null && value >= Number(band.dataset.from)) found = band;
        });
        if (found) found.setAttribute('aria-current', 'true');
      });
    });
  }

  // --- What readers do ---
  function enter(path, value, replacing) {
    var before = data.cells[path];
    if (replacing && before && before.value !== value) keep({ path: path, value: before.value, at: before.at });
    data.cells[path] = { value: value, at: Date.now() };
    save();
  }
  sheet.addEventListener('input', function (event) {
    var field = event.target;
    if (fields.indexOf(field) < 0) return;
    enter(field.dataset.cell, valueOf(field), false);
    compute();
  });
  part('export').addEventListener('click', function () {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: 'application/json' }));
    link.download = 'scorecard-' + id + '.json';
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  });
  document.getElementById('sheet-file').addEventListener('change', function () {
    var input = this;
    var file = input.files[0];
    if (!file) return;
    file.text().then(function (text) {
      var other = JSON.parse(text);
      if (!usable(other)) throw new Error('it is not a file of a scorecard');
      if (other.id !== id) throw new Error('it belongs to the scorecard ' + other.id);
      if (other.version > kVersion) throw new Error('a newer version of this page wrote it');
      var before = data.earlier.length;
      var taken = merge(upgraded(other));
      save();
      draw();
      say(taken + ' entries taken from ' + file.name + '; ' + (data.earlier.length - before) + ' that differ are listed as earlier.');
    }).catch(function (error) {
      say(file.name + ' was not imported: ' + (error instanceof SyntaxError ? 'it is not JSON' : error.message) + '.');
    }).then(function () { input.value = ''; });
  });
  part('print').addEventListener('click', function () { print(); });
  part('clear').addEventListener('click', function () {
    if (!confirm('Empty this sheet, and forget earlier entries? Save to a file first what you want to keep.')) return;
    data = fresh();
    save();
    draw();
    say('The sheet is empty.');
  });
  addEventListener('storage', function (event) {
    if (event.key !== null && event.key !== key) return;
    data = load();
    draw();
  });

  var data = load();
  part('bar').hidden = false;
  draw();
})();
