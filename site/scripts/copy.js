// A button on every program and command that copies its text: no line marks, no output.
(function () {
  'use strict';
  function write(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    return new Promise(function (done, fail) {  // pages opened from a disk or over plain http
      var area = document.createElement('textarea');
      area.value = text;
      area.className = 'unseen';
      document.body.appendChild(area);
      area.select();
      var copied = document.execCommand('copy');
      area.remove();
      if (copied) done(); else fail();
    });
  }

  function add(code, place, what) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', 'Copy ' + what);
    button.addEventListener('click', function () {
      var say = function (word) {
        button.textContent = word;
        button.setAttribute('aria-label', word);
        setTimeout(function () {
          button.textContent = 'Copy';
          button.setAttribute('aria-label', 'Copy ' + what);
        }, 1600);
      };
      write(code.textContent).then(say.bind(null, 'Copied'), say.bind(null, 'Not allowed'));
    });
    place.appendChild(button);
  }

  document.querySelectorAll('.snippet').forEach(function (snippet) {
    var code = snippet.querySelector('pre.code > code');
    var head = snippet.querySelector('.snippet-head');
    if (code && head) add(code, head, 'this code');
  });
  document.querySelectorAll('.command > code').forEach(function (code) {
    var line = code.parentNode.previousElementSibling;
    if (line && line.matches('.label')) add(code, line, 'this command');
  });
})();
