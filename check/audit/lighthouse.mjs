// Measures the roster page with Lighthouse, as a desktop and as a phone.
import lighthouse, { desktopConfig } from 'lighthouse';
import { finish, rosterPage, urlOf, withBrowser } from './pages.mjs';

const least = { performance: 95, accessibility: 100, 'best-practices': 100 };
const categories = Object.keys(least);
// A busy machine can only make a page look slower than it is, so the best of these runs counts.
const attempts = 5;
// A browser that did not record what it did has measured nothing: that run has no scores, which is 0.
const unmeasured = 'NO_NAVSTART';
// A page that listens for changes never falls silent, so Lighthouse always waits this long.
const maxWaitForLoad = 15_000;
const devices = [['desktop', desktopConfig], ['phone', undefined]];

const rows = [['device', 'run', ...categories, 'blocked']];
const problems = [];

// measure gives Lighthouse's result, from a browser of its own: nothing cached, nothing left open.
async function measure(config) {
  const result = await withBrowser((browser) =>
    lighthouse(
      urlOf(rosterPage),
      {
        port: Number(new URL(browser.wsEndpoint()).port),
        onlyCategories: categories,
        maxWaitForLoad,
        logLevel: 'error',
      },
      config,
    ));
  const error = result.lhr.runtimeError;
  if (error && error.code !== unmeasured) {
    throw new Error(error.message);
  }
  return result.lhr;
}

// scoreOf is a category's score. Where an audit broke Lighthouse gives none: that is 0.
const scoreOf = (lhr, category) => Math.round((lhr.categories[category].score ?? 0) * 100);

// lacks is how many points a result lacks in the category that lacks most; none is 0 or less.
const lacks = (lhr) => Math.max(...categories.map((category) => least[category] - scoreOf(lhr, category)));

// shortcomings lists the audits that cost a category its points.
function* shortcomings(lhr, category) {
  for (const { id, weight } of lhr.categories[category].auditRefs) {
    const audit = lhr.audits[id];
    if (weight > 0 && audit.score !== null && audit.score < (least[category] === 100 ? 1 : 0.9)) {
      yield `    ${id}: ${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ''}`;
    }
  }
}

for (const [device, config] of devices) {
  let best;
  for (let attempt = 1; attempt <= attempts && !(best && lacks(best) <= 0); attempt++) {
    const lhr = await measure(config);
    rows.push([device, attempt, ...categories.map((category) => scoreOf(lhr, category)), lhr.audits['total-blocking-time'].displayValue ?? lhr.runtimeError?.code]);
    if (!best || lacks(lhr) < lacks(best)) {
      best = lhr;
    }
  }
  for (const category of categories.filter((name) => scoreOf(best, name) < least[name])) {
    problems.push(`${device}: ${category}: got ${scoreOf(best, category)}, want at least ${least[category]}`);
    problems.push(...shortcomings(best, category));
  }
}
finish(rows, problems);
