import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from './scripts/chromium.ts'
import { keepCompiledCode } from './scripts/compiled-code.ts'

keepCompiledCode()

const launchOptions = chromiumLaunchOptions()

/** Whole stories in a browser, against a real server. */
export default defineConfig({
  testDir: 'tests/browser',
  fullyParallel: true,
  // Long tours have their place in every run but that of a landing, which is to take minutes.
  ...(process.env['QUIRE_DOSE'] === 'small' && { grepInvert: /@long/ }),
  forbidOnly: !!process.env['CI'],
  // Stories mostly wait for each other's pages and for what is late on purpose: two cores carry three at once.
  workers: 3,
  timeout: 180_000,
  // A page that lost its server may rest for 5 s before it tries again, and the machine may have more to do than this.
  expect: { timeout: 20_000 },
  reporter: 'list',
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...launchOptions,
      // What browsers that people use keep of a frame with an origin of its own is less than what those for tests keep.
      args: [...launchOptions.args, '--enable-features=SplitCacheByNetworkIsolationKey'],
    },
  },
})
