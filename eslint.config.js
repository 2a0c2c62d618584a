import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

export default defineConfig(
  { ignores: ['**/dist/', '.data/', 'node_modules/'] },
  eslint.configs.recommended,
  typescript.configs.strict,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-console': 'error',
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[source.value='zod']",
          message: "import * as z from 'zod/mini': the full form weighs 72 kB more in every bundle",
        },
        {
          selector:
            "ImportDeclaration[source.value='zod/mini'] > :matches(ImportDefaultSpecifier, ImportSpecifier[imported.name=/^(?:z|default)$/])",
          message: "import * as z from 'zod/mini': the named form bundles every locale (427 kB)",
        },
      ],
    },
  },
  {
    files: ['functions/**', 'lib/**', 'db/**', 'redis-rest/**'],
    ignores: ['redis-rest/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'settings arrive through c.env' },
      ],
    },
  },
  { files: ['scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['examples/spa/app.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['document', 'FormData', 'history', 'localStorage', 'location'].map((name) => [name, 'readonly']),
      ),
    },
  },
);
