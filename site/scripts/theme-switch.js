// The button in the bar: system, light, dark, in turn.
(function () {
  'use strict';
  var key = 'drillpress.theme';
  var order = ['system', 'light', 'dark'];
  var words = { system: 'Auto', light: 'Light', dark: 'Dark' };
  var root = document.documentElement;
  var button = document.querySelector('.theme-switch');
  if (!button) return;
  var label = button.querySelector('.theme-label');

  function show() {
    var current = root.dataset.theme || 'system';
    label.textContent = words[current];
    button.setAttribute('aria-label', 'Theme: ' + words[current] + '. Change it');
    return current;
  }

  button.addEventListener('click', function () {
    var next = order[(order.indexOf(show()) + 1) % order.length];
    if (next === 'system') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch (refused) { /* the choice then lasts for this page */ }
    show();
  });
  show();
  button.hidden = false;
})();
