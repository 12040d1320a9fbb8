import js from '@eslint/js'
import tseslint from 'typescript-eslint'
import { maxLinesOfTests } from './dev/lint/max-lines-of-tests.mjs'

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'node_modules/', '.patchtrail/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An unhandled rejection ends the Functions worker, and every invocation in it.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['functions/**/*.ts', 'src/**/*.ts', 'dev/**/*.ts', 'dev/**/*.mjs', 'infra/**/*.mjs', 'web/**/*.ts', 'web/**/*.tsx'],
    rules: {
      'max-lines': ['error', { max: 200 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['functions/**/*.ts', 'src/**/*.ts'],
    rules: {
      complexity: ['error', 14],
      // A message that the app touches itself leaves the host with a stale receipt; and the bundle is no place for another SDK.
      'no-restricted-imports': ['error', { name: '@azure/storage-queue', message: 'Queues are read and written by bindings.' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    plugins: { patchtrail: { rules: { 'max-lines-of-tests': maxLinesOfTests } } },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'patchtrail/max-lines-of-tests': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['dev/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        setInterval: 'readonly',
        require: 'readonly',
      },
    },
    rules: { 'no-console': 'off' },
  },
)
