// Turns a stack of sections into tabs. Without this script the sections stay below each other.
(function () {
  'use strict';
  document.querySelectorAll('[data-tabs]').forEach(function (box) {
    var panels = Array.prototype.slice.call(box.querySelectorAll(':scope > [data-tab]'));
    if (panels.length < 2) return;
    var list = document.createElement('div');
    list.className = 'tablist';
    list.setAttribute('role', 'tablist');
    list.setAttribute('aria-label', box.dataset.tabs);
    var tabs = panels.map(function (panel, i) {
      var tab = document.createElement('button');
      tab.type = 'button';
      tab.id = panel.id + '-tab';
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', panel.id);
      var number = document.createElement('span');
      number.className = 'tab-number';
      number.textContent = i + 1;
      tab.append(number, panel.dataset.tab);
      tab.addEventListener('click', function () { choose(i); });
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      list.appendChild(tab);
      return tab;
    });

    function choose(chosen) {
      panels.forEach(function (panel, i) {
        panel.hidden = i !== chosen;
        tabs[i].setAttribute('aria-selected', String(i === chosen));
        tabs[i].tabIndex = i === chosen ? 0 : -1;
      });
      list.scrollLeft = tabs[chosen].offsetLeft - list.offsetLeft - 24;
    }

    // A link to a rung, or to something inside one, opens it.
    function follow() {
      var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      var at = target ? panels.findIndex(function (panel) { return panel.contains(target); }) : -1;
      if (at < 0) return false;
      choose(at);
      (target === panels[at] ? list : target).scrollIntoView();
      return true;
    }

    list.addEventListener('keydown', function (event) {
      var at = tabs.indexOf(document.activeElement);
      var to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      to = (to + tabs.length) % tabs.length;
      choose(to);
      tabs[to].focus();
    });
    box.prepend(list);
    choose(0);
    follow();
    addEventListener('hashchange', follow);
  });
})();
