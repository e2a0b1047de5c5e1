// Holds the HTML of every page against html-validate.
import { HtmlValidate, FileSystemConfigLoader } from 'html-validate';
import { finish, pages, urlOf } from './pages.mjs';

const validator = new HtmlValidate(new FileSystemConfigLoader());
const perRule = 3; // a mistake in one row is made in all of them
const rows = [['page', 'status', 'bytes', 'errors']];
const problems = [];

for (const page of pages) {
  const answer = await fetch(urlOf(page), { signal: AbortSignal.timeout(10_000), headers: { Accept: 'text/html' } });
  const html = await answer.text();
  if (answer.status !== page.status) {
    problems.push(`${page.path}: got status ${answer.status}, want ${page.status}`);
  }
  // The name stands for a file beside the configuration.
  const report = await validator.validateString(html, `${page.name}.html`);
  const messages = report.results.flatMap((result) => result.messages);
  rows.push([page.name, answer.status, Buffer.byteLength(html), messages.length]);
  const seen = new Map();
  for (const { line, column, message, ruleId } of messages) {
    seen.set(ruleId, (seen.get(ruleId) ?? 0) + 1);
    if (seen.get(ruleId) <= perRule) {
      const source = html.split('\n')[line - 1].slice(Math.max(0, column - 30), column + 90);
      problems.push(`${page.path}:${line}:${column}: ${message} (${ruleId})\n    ${source}`);
    }
  }
  for (const [ruleId, count] of seen) {
    if (count > perRule) {
      problems.push(`${page.path}: ${count - perRule} more of ${ruleId}`);
    }
  }
}
finish(rows, problems);
