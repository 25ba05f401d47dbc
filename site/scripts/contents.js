// Marks the heading being read in the contents beside the text.
(function () {
  'use strict';
  var contents = document.querySelector('.contents');
  if (!contents) return;
  var wide = matchMedia('(min-width: 68.75rem)');
  var details = contents.querySelector('details');
  function fold() { details.open = wide.matches; }
  wide.addEventListener('change', fold);
  fold();

  var links = Array.prototype.slice.call(contents.querySelectorAll('a'));
  var places = links.map(function (link) {
    return { link: link, target: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
  }).filter(function (place) { return place.target; });
  var current = null;
  var waiting = false;

  function mark() {
    waiting = false;
    var reading = null;
    var line = innerHeight * 0.25;
    places.forEach(function (place) {
      if (place.target.getClientRects().length && place.target.getBoundingClientRect().top <= line) reading = place.link;
    });
    if (reading === current) return;
    if (current) current.removeAttribute('aria-current');
    if (reading) {
      reading.setAttribute('aria-current', 'true');
      if (wide.matches && contents.scrollHeight > contents.clientHeight) {
        contents.scrollTop = reading.offsetTop - contents.offsetTop - contents.clientHeight / 3;
      }
    }
    current = reading;
  }

  addEventListener('scroll', function () {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(mark);
    }
  }, { passive: true });
  mark();
  contents.addEventListener('click', function (event) {
    if (!wide.matches && event.target.closest('a')) details.open = false;
  });
})();
