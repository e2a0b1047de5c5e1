// How scripts are written here: ESLint's recommended rules, and a few more.
import js from '@eslint/js';
import globals from 'globals';

const house = {
  ...js.configs.recommended.rules,
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-console': 'error',
};

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    // What every page has: joined into one file, so what one declares the others would have too.
    files: ['assets/js/*.js'],
    ignores: ['assets/js/sw.js'],
    languageOptions: { sourceType: 'script', globals: { ...globals.browser, htmx: 'readonly' } },
    rules: house,
  },
  {
    files: ['assets/js/sw.js'],
    languageOptions: { sourceType: 'script', globals: globals.serviceworker },
    rules: house,
  },
  {
    // What runs the checks, partly in pages, and prints what it found.
    files: ['check/**/*.mjs', '*.mjs'],
    languageOptions: { globals: { ...globals.nodeBuiltin, ...globals.browser, axe: 'readonly' } },
    rules: { ...house, 'no-console': 'off' },
  },
];
