// TeX to MathML with Temml: formulas as JSON on standard input, their MathML or what is wrong as JSON on standard output.
// in:  {"formulas": [{"tex": "x^2", "display": false}]}
// out: {"temml": "0.13.5", "results": [{"mathml": "<math>…"} | {"error": "…", "offset": 3}]}, or {"failure": "…"}
import fs from 'node:fs';

// Temml counts UTF-16 units; diagnostics count bytes.
function byteOffset(tex, units) {
  return Buffer.byteLength(tex.slice(0, Math.min(units ?? 0, tex.length)));
}

function typeset(temml, {tex, display}) {
  try {
    // `trust` stays off: no links, classes or identifiers of an author's choice. `annotate` keeps the TeX, for those who copy.
    return {mathml: temml.renderToString(tex, {displayMode: display, throwOnError: true, annotate: true, strict: true, maxExpand: 200})};
  } catch (error) {
    // The place comes with the offset; the message ends with a picture of it, which the diagnostic draws better.
    const message = String(error.message).replace(/ at (position \d+|end of input): [^]*$/, '').trim();
    return {error: message, offset: byteOffset(tex, error.position)};
  }
}

async function answer() {
  let temml;
  try {
    ({default: temml} = await import('temml'));
  } catch {
    return {failure: 'temml is not installed'};
  }
  const {formulas} = JSON.parse(fs.readFileSync(0, 'utf8'));
  return {temml: temml.version, results: formulas.map((formula) => typeset(temml, formula))};
}

process.stdout.write(JSON.stringify(await answer()) + '\n');
