// The server under audit, its pages, and a browser to see them with.
import puppeteer from 'puppeteer-core';

function required(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the environment variable ${name} is not set; run this through "go tool task audit"`);
  }
  return value;
}

export const baseURL = required('AUDIT_URL');
const today = required('AUDIT_TODAY');

export const rosterPage = { name: 'roster', path: '/teams/daily-roster', status: 200 };

// Every page a person can come to, and the status it answers with.
export const pages = [
  { name: 'start', path: '/', status: 200 },
  rosterPage,
  { name: 'row in edit', path: `/teams/daily-roster?edit=${today}`, status: 200 },
  { name: 'swap, take or give', path: `/teams/daily-roster/days/${today}/exchange`, status: 200 },
  { name: 'grid', path: '/teams/daily-roster/grid', status: 200 },
  { name: 'grid after a save', path: '/teams/daily-roster/grid?done=01ARZ3NDEKTSV4RRFFQ69G5FAV', status: 200 },
  { name: 'row in edit, by its link', path: `/teams/daily-roster/days/${today}/edit`, status: 200 },
  { name: 'search', path: '/search?q=an', status: 200 },
  { name: 'example', path: '/example', status: 200 },
  { name: 'teams', path: '/teams', status: 200 },
  { name: 'people', path: '/people', status: 200 },
  { name: 'settings', path: '/teams/daily-roster/settings', status: 200 },
  { name: 'hours', path: '/teams/daily-roster/hours?start=sun', status: 200 },
  { name: 'import', path: '/teams/daily-roster/import', status: 200 },
  { name: 'history', path: '/teams/daily-roster/history', status: 200 },
  { name: 'rotations', path: '/teams/daily-roster/rotations', status: 200 },
  { name: 'fairness', path: '/teams/daily-roster/fairness?by=month', status: 200 },
  { name: 'fairness refused', path: '/teams/daily-roster/fairness?from=x', status: 400 },
  { name: 'pay', path: '/teams/daily-roster/pay?from=2026-01-01&to=2026-12-31', status: 200 },
  { name: 'people of a team', path: '/teams/daily-roster/people', status: 200 },
  { name: 'holidays', path: '/teams/daily-roster/holidays', status: 200 },
  { name: 'wall', path: '/wall', status: 200 },
  { name: 'coverage', path: '/coverage', status: 200 },
  { name: 'calendar of a person', path: '/people/ana-ruiz/calendar', status: 200 },
  { name: 'person', path: '/people/ana-ruiz', status: 200 },
  { name: 'deactivate', path: '/people/ana-ruiz/deactivate', status: 200 },
  { name: 'deactivated', path: '/people/ana-ruiz/deactivated?group=01ARZ3NDEKTSV4RRFFQ69G5FAV', status: 200 },
  { name: 'tokens', path: '/tokens', status: 200 },
  { name: 'tokens of a team', path: '/teams/daily-roster/tokens', status: 200 },
  { name: 'feeds of a team', path: '/teams/daily-roster/feeds', status: 200 },
  { name: 'feeds of a person', path: '/people/ana-ruiz/feeds', status: 200 },
  { name: 'store', path: '/cluster', status: 200 },
  { name: 'API', path: '/api', status: 200, long: true },
  { name: 'not found', path: '/teams/no-such-team', status: 404 },
];

export const urlOf = (page) => new URL(page.path, baseURL).href;

const flags = [
  '--no-sandbox', // as root there is none; the pages are our own
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--accept-lang=en-GB',
];

// withBrowser runs use with a fresh headless Chromium, which ends with it or with this process.
export async function withBrowser(use) {
  const browser = await puppeteer.launch({
    executablePath: required('CHROMIUM'),
    headless: true,
    args: flags,
    timeout: 30_000,
    // Some checks yield to all others: how fast a page is, is measured elsewhere.
    protocolTimeout: 300_000,
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

// finish prints a table and ends the script: with 1 when there were problems.
export function finish(rows, problems) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) {
    console.log(row.map((cell, column) => String(cell).padEnd(widths[column])).join('  ').trimEnd());
  }
  for (const problem of problems) {
    console.log(problem);
  }
  process.exitCode = problems.length > 0 ? 1 : 0;
}
