// How style sheets are written here: stylelint's standard rules, and those of this house.
// `npx stylelint --fix` mends most of what it finds.

const anyColour = ['rgb', 'rgba', 'hsl', 'hsla', 'hwb', 'lab', 'lch', 'oklab', 'oklch', 'color', 'color-mix', 'light-dark'];

export default {
  extends: ['stylelint-config-standard'],
  reportDescriptionlessDisables: true,
  reportNeedlessDisables: true,
  rules: {
    // Colours have names, and tokens.css alone says what they are.
    'color-no-hex': true,
    'color-named': 'never',
    'function-disallowed-list': anyColour,
    // A rule wins by its place, never by force.
    'declaration-no-important': true,
    'selector-max-id': 1,
    'selector-max-specificity': '1,4,4',
    'max-nesting-depth': 0,
    // Rules stand by their subject, so the weight of the next one may be lower.
    'no-descending-specificity': null,
    // What belongs together stands on a line.
    'declaration-block-single-line-max-declarations': 2,
    'declaration-empty-line-before': null,
    'custom-property-empty-line-before': null,
    // Names of fonts are written as their makers do.
    'value-keyword-case': ['lower', { ignoreProperties: ['--font', '--mono'] }],
  },
  overrides: [
    {
      files: ['assets/css/tokens.css'],
      rules: { 'color-no-hex': null, 'function-disallowed-list': null },
    },
    {
      // A person's colour is made of the hue that the person has.
      files: ['assets/css/people.css'],
      rules: { 'function-disallowed-list': anyColour.filter((name) => name !== 'hsl' && name !== 'light-dark') },
    },
  ],
};
