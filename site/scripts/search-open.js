// Opens the search with `/`, Ctrl+K or the link in the bar, and loads it the first time. Without this script the link leads
// to the list of all pages.
(function () {
  'use strict';
  var link = document.querySelector('.search-open[data-script]');
  if (!link) return;
  var ready = null;

  function load() {
    ready = ready || new Promise(function (done, fail) {
      var style = document.createElement('link');
      style.rel = 'stylesheet';
      style.href = link.dataset.root + link.dataset.style;
      var script = document.createElement('script');
      script.src = link.dataset.root + link.dataset.script;
      style.onerror = script.onerror = fail;
      // The dialog is not shown before it has its looks.
      style.onload = function () { document.head.appendChild(script); };
      script.onload = done;
      document.head.appendChild(style);
    });
    return ready;
  }
  function open(question) {
    load().then(function () { drillpressSearch.open(question); }, function () { location.href = link.href; });
  }

  link.setAttribute('aria-keyshortcuts', '/ Control+K');
  link.addEventListener('click', function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open('');
  });
  document.addEventListener('keydown', function (event) {
    var control = event.ctrlKey || event.metaKey;
    var slash = event.key === '/' && !control && !event.altKey && !event.target.closest('input, select, textarea, [contenteditable]');
    if (!slash && !(control && event.key.toLowerCase() === 'k')) return;
    event.preventDefault();
    open('');
  });
  function follow() {
    if (location.hash.slice(0, 3) !== '#q=') return;
    try { open(decodeURIComponent(location.hash.slice(3).replace(/\+/g, ' '))); } catch (malformed) { /* no question then */ }
  }
  if (document.body.dataset.page === 'search') {
    follow();
    addEventListener('hashchange', follow);
  }
  if (document.body.classList.contains('kind-not-found')) load().then(function () { drillpressSearch.suggestHere(); }, function () {});
})();
