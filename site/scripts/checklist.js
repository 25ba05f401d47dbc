// Keeps ticks on this device: one entry a checklist, `drillpress.checklist.v1.ID`, a map from item id to true. Items are
// known by their ids, so rewording or reordering a checklist loses nothing.
(function () {
  'use strict';
  var boxes = Array.prototype.slice.call(document.querySelectorAll('input[type="checkbox"][data-item]'));
  if (!boxes.length) return;

  function keyOf(box) {
    var owner = box.closest('[data-checklist]');
    return 'drillpress.checklist.v1.' + (box.dataset.checklist || (owner ? owner.dataset.checklist : document.body.dataset.page));
  }
  function read(key) {
    try {
      var stored = JSON.parse(localStorage.getItem(key));
      return stored && typeof stored === 'object' ? stored : {};
    } catch (unreadable) { return {}; }
  }
  // Reads again before it writes: another tab may have ticked something meanwhile.
  function write(box) {
    var key = keyOf(box);
    var ticks = read(key);
    if (box.checked) ticks[box.dataset.item] = true;
    else delete ticks[box.dataset.item];
    try { localStorage.setItem(key, JSON.stringify(ticks)); } catch (refused) { /* ticks then last for this visit */ }
  }

  var panel = document.querySelector('[data-progress]');
  function show() {
    var done = 0;
    boxes.forEach(function (box) {
      if (box.checked) done++;
      box.closest('li').classList.toggle('ticked', box.checked);
    });
    if (!panel) return;
    var meter = panel.querySelector('progress');
    meter.max = boxes.length;
    meter.value = done;
    panel.querySelector('[data-progress-text]').textContent = done + ' of ' + boxes.length;
  }
  function load() {
    boxes.forEach(function (box) {
      box.disabled = false;
      box.checked = read(keyOf(box))[box.dataset.item] === true;
    });
    show();
  }

  document.addEventListener('change', function (event) {
    if (boxes.indexOf(event.target) < 0) return;
    write(event.target);
    show();
  });
  addEventListener('storage', load);
  if (panel) {
    panel.hidden = false;
    panel.querySelector('[data-progress-reset]').addEventListener('click', function () {
      boxes.forEach(function (box) {
        box.checked = false;
        write(box);
      });
      show();
    });
  }
  load();
})();
