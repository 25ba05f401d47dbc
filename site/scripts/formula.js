// Computes a worksheet's formula from its steps, exactly as generator/model/formula.h does; tests/unit/formula_cases.json
// binds the two. `value(name)` gives a number or null, `column(name)` the numbers of the rows that have one.
var drillpressFormula = (function () {
  'use strict';
  var pairs = {
    '+': function (a, b) { return a + b; },
    '-': function (a, b) { return a - b; },
    '*': function (a, b) { return a * b; },
    '/': function (a, b) { return a / b; },
    min: function (a, b) { return Math.min(a, b); },
    max: function (a, b) { return Math.max(a, b); }
  };
  function number(text) {
    return /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null;
  }
  function aggregate(name, values) {
    if (name === 'count') return values.length;
    if (name === 'zeros') return values.filter(function (v) { return v === 0; }).length;
    var sum = values.reduce(function (a, b) { return a + b; }, 0);
    if (name === 'sum') return sum;
    if (!values.length) return null;
    return name === 'mean' ? sum / values.length : Math[name].apply(null, values);
  }
  function evaluate(steps, value, column) {
    if (!steps) return null;
    var stack = [];
    var words = steps.split(' ');
    for (var i = 0; i < words.length; i++) {
      if (pairs[words[i]]) {
        var right = stack.pop();
        stack.push(pairs[words[i]](stack.pop(), right));
        continue;
      }
      var colon = words[i].indexOf(':');
      var one = colon > 0 ? aggregate(words[i].slice(0, colon), column(words[i].slice(colon + 1)))
        : number(words[i]) !== null ? number(words[i]) : value(words[i]);
      if (one === null || one === undefined) return null;
      stack.push(one);
    }
    return isFinite(stack[0]) ? stack[0] : null;
  }
  function rounded(value, decimals) {
    var scale = Math.pow(10, decimals);
    var size = Math.floor(Math.abs(value) * scale + 0.5) / scale;
    return (value < 0 && size !== 0 ? '\u2212' : '') + size.toFixed(decimals);
  }
  return { evaluate: evaluate, rounded: rounded, number: number };
})();
