// What the browser tests share: the built site, a server with the strict policy, a browser.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {chromium} from 'playwright-core';

export const SITE = process.env.SITE;
export const POLICY = "default-src 'self'";

/** axe's rules whose verdict depends on colours; everything else is the same in both themes. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png', '.xml': 'application/xml',
};

/** Every HTML page of the site, as paths relative to it. */
export function pages() {
  return fs.readdirSync(SITE, {recursive: true}).filter((file) => file.endsWith('.html')).sort();
}

/** One page of every kind: the first of each folder, and those at the top. */
export function samplePages() {
  const seen = new Set();
  return pages().filter((file) => {
    const kind = file.includes('/') ? path.dirname(file) + (file.endsWith('index.html') ? '/index' : '') : file;
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}

/** Serves a site (the real one, unless told) on a free loopback port under the strict policy. */
export function serve(site = SITE) {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).replace(/\/$/, '/index.html');
    const file = path.join(site, name);
    const found = file.startsWith(site + path.sep) && fs.existsSync(file) && fs.statSync(file).isFile();
    response.writeHead(found ? 200 : 404, {
      'content-type': TYPES[path.extname(found ? file : '404.html')] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    response.end(fs.readFileSync(found ? file : path.join(site, '404.html')));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
}
