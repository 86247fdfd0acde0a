import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunchOptions } from './scripts/chromium.ts'
import { keepCompiledCode } from './scripts/compiled-code.ts'
import { LongestFirst } from './scripts/longest-first.ts'

keepCompiledCode()
// The same chance in every run, for whether a change lands must not depend on it; `QUIRE_SEED` tries another.
process.env['QUIRE_SEED'] ??= '20261127'
const seededProperties = {
  provide: { seed: Number(process.env['QUIRE_SEED']) },
  setupFiles: fileURLToPath(new URL('packages/protocol/src/testing/seed-properties.ts', import.meta.url)),
}

/** Changes the clock for whatever is loaded after it. */
const alone = ['tests/integration/slow-link.test.ts']
const integration = { environment: 'node', testTimeout: 120_000, hookTimeout: 30_000 }

/** Three kinds of test: beside their file in Node, across packages over real sockets, and in a real browser. */
export default defineConfig({
  test: {
    // Many files mostly wait (a minute and a half in a room, fifty restarts), so that even two cores carry three at once.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          // They share nothing that can be changed but timers, which they give back: what many import
          // is loaded once in each worker.
          isolate: false,
          ...seededProperties,
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.browser.test.ts'],
          // Some play with a hundred thousand clients, on whatever machine there is.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...integration,
          name: 'integration',
          // As with the units: to begin a process for each file and load the server there took as long as half of the tests.
          isolate: false,
          include: [
            'tests/integration/**/*.test.ts',
            'tests/chaos/**/*.test.ts',
            'tests/simulation/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...alone],
        },
      },
      { test: { ...integration, name: 'integration-alone', include: alone } },
      {
        // Made ready for the browser it would lose its commands, which it marks as pure.
        optimizeDeps: { exclude: ['@replit/codemirror-emacs'] },
        test: {
          name: 'components',
          ...seededProperties,
          include: ['apps/editor/src/**/*.browser.test.ts'],
          // Some try histories by the hundred, on whatever machine there is.
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
