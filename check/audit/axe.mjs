// Looks for barriers with axe-core on every page, light and dark, wide and narrow.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { finish, pages, urlOf, withBrowser } from './pages.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const schemes = ['light', 'dark'];
const widths = [1280, 360];
const rows = [['page', 'status', 'scheme', 'width', 'rules passed', 'to review', 'violations']];
const problems = [];

async function audit(browser, page, width) {
  // A tab of its own: the pages a tab has left may live on in its cache with their event
  // streams open, and a browser opens no more than six connections to a server.
  const tab = await browser.newPage();
  await tab.setViewport({ width, height: 900 });
  // Not until the network is idle: a page that listens for changes never is.
  const answer = await tab.goto(urlOf(page), { waitUntil: 'load', timeout: 20_000 });
  if (answer.status() !== page.status) {
    problems.push(`${page.path}: got status ${answer.status()}, want ${page.status}`);
  }
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind.
  await tab.evaluate(axe);
  for (const scheme of schemes) {
    // The style sheet alone knows the scheme, so the page need not be loaded again.
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const result = await tab.evaluate(() => globalThis.axe.run());
    rows.push([
      page.name, answer.status(), scheme, width,
      result.passes.length, result.incomplete.length, result.violations.length,
    ]);
    for (const { id, impact, help, nodes } of result.violations) {
      problems.push(`${page.path} ${scheme} ${width}: ${id} (${impact}): ${help}`);
      for (const node of nodes.slice(0, 5)) {
        problems.push(`    ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`);
      }
    }
  }
  await tab.close();
}

await withBrowser(async (browser) => {
  for (const page of pages) {
    for (const width of widths) {
      await audit(browser, page, width);
    }
  }
});
finish(rows, problems);
