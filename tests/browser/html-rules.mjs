// What html-validate is asked for, of every site that the tests build.
// Pure matters of style are left out; what remains is conformance and accessibility.
export const VALIDATION = {
  extends: ['html-validate:recommended'],
  rules: {'no-trailing-whitespace': 'off', 'long-title': 'off', 'void-style': 'off', 'no-inline-style': 'error',
          'prefer-native-element': 'off', 'tel-non-breaking': 'off', 'attribute-boolean-style': 'off',
          'doctype-style': 'off', 'no-implicit-button-type': 'error'},
};
