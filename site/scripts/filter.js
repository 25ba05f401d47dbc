// Narrows a list or a table by its filters and a text. Without this script everything is shown.
(function () {
  'use strict';
  var box = document.querySelector('[data-filters]');
  if (!box) return;
  var items = Array.prototype.map.call(document.querySelectorAll('[data-filter]'), function (element) {
    return { element: element, words: element.dataset.filter.split(' '), text: element.textContent.toLowerCase() };
  });
  var groups = document.querySelectorAll('[data-filter-group]');
  var search = box.querySelector('input[type="search"]');
  var selects = Array.prototype.slice.call(box.querySelectorAll('[data-filter-name]'));
  var status = box.querySelector('[data-filter-status]');

  function apply() {
    var terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var wanted = selects.filter(function (s) { return s.value; }).map(function (s) { return s.dataset.filterName + ':' + s.value; });
    var shown = 0;
    items.forEach(function (item) {
      var fits = wanted.every(function (word) { return item.words.indexOf(word) >= 0; }) &&
                 terms.every(function (term) { return item.text.indexOf(term) >= 0; });
      item.element.hidden = !fits;
      if (fits) shown++;
    });
    groups.forEach(function (group) { group.hidden = !group.querySelector('[data-filter]:not([hidden])'); });
    status.textContent = shown === items.length ? 'All ' + shown + ' shown' : shown + ' of ' + items.length + ' shown';
  }

  box.addEventListener('input', apply);
  box.querySelector('[data-filter-clear]').addEventListener('click', function () {
    search.value = '';
    selects.forEach(function (select) { select.value = ''; });
    apply();
    search.focus();
  });
  box.hidden = false;
  apply();  // a browser may have kept the fields' values
})();
