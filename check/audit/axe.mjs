// Looks for barriers with axe-core on every page, light and dark, from a phone to a wide screen.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { finish, pages, urlOf, withBrowser } from './pages.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const schemes = ['light', 'dark'];
const widths = [360, 600, 1024, 1920];
// So many pages are looked at side by side. Each has a stream of events open, and a browser
// opens no more than six connections to a server.
const tabs = 2;
// How long a page may take to load, in ms: it is not what is checked here, and drills and tests that
// run at the same time can take a browser most of its time.
const patience = 90_000;
const head = ['page', 'status', 'looked at', 'rules passed', 'to review', 'violations', 'seconds'];
const rows = [];
const problems = [];

// In the page: what all rules but those of colour go by, of each element: whether it is shown, where,
// and what stands before and after it.
function shape() {
  return [...document.querySelectorAll('*')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return [
      x, y, width, height, style.display, style.visibility, style.opacity, style.overflow, style.position, style.font,
      style.textDecorationLine, getComputedStyle(element, '::before').content, getComputedStyle(element, '::after').content,
    ].join();
  }).join('\n');
}

// In the page: the rules that look at colours.
const ofColour = () => axe.getRules(['cat.color']).map(({ ruleId }) => ruleId);

// The rules that a look at everything went by.
const rulesOf = ({ passes, incomplete, violations, inapplicable }) =>
  [passes, incomplete, violations, inapplicable].flat().map(({ id }) => id);

// In the page: what axe finds, without the names of the many elements that pass.
const run = (only) => axe.run({
  resultTypes: ['violations'],
  ...(only && { runOnly: { type: 'rule', values: only } }),
});

async function audit(browser, page) {
  const begun = Date.now();
  // A tab of its own: the pages a tab has left may live on in its cache with their event
  // streams open.
  const tab = await browser.newPage();
  await tab.setViewport({ width: widths[0], height: 900 });
  // Not until the network is idle: a page that listens for changes never is.
  const answer = await tab.goto(urlOf(page), { waitUntil: 'load', timeout: patience });
  if (answer.status() !== page.status) {
    problems.push(`${page.path}: got status ${answer.status()}, want ${page.status}`);
  }
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind.
  await tab.evaluate(axe);
  const colours = new Set(await tab.evaluate(ofColour));
  const sum = { looked: 0, passes: 0, incomplete: 0, violations: 0 };
  for (const width of widths) {
    // The style sheet alone knows width and scheme, so the page need not be loaded again.
    await tab.setViewport({ width, height: 900 });
    let before, rules;
    for (const scheme of schemes) {
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const now = await tab.evaluate(shape);
      // Where only colours change with the scheme, the other rules found what they would find again.
      const result = await tab.evaluate(run, now === before ? rules : undefined);
      rules ??= rulesOf(result).filter((id) => colours.has(id));
      before = now;
      sum.looked++;
      sum.passes = Math.max(sum.passes, result.passes.length);
      sum.incomplete = Math.max(sum.incomplete, result.incomplete.length);
      sum.violations += result.violations.length;
      for (const { id, impact, help, nodes } of result.violations) {
        problems.push(`${page.path} ${scheme} ${width}: ${id} (${impact}): ${help}`);
        for (const node of nodes.slice(0, 5)) {
          problems.push(`    ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`);
        }
      }
    }
  }
  await tab.close();
  rows.push([
    page.name, answer.status(), `${sum.looked} times`, sum.passes, sum.incomplete, sum.violations,
    ((Date.now() - begun) / 1000).toFixed(1),
  ]);
}

await withBrowser(async (browser) => {
  // The long one first, so that the others are looked at meanwhile.
  const waiting = pages.toSorted((a, b) => Number(b.long ?? false) - Number(a.long ?? false));
  await Promise.all(Array.from({ length: tabs }, async () => {
    for (let page = waiting.shift(); page; page = waiting.shift()) {
      await audit(browser, page);
    }
  }));
});
finish([head, ...rows], problems);
