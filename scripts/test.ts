/**
 * Every test there is: sees to a Chromium, builds what is shipped, then runs the unit, component and integration tests and
 * tells the stories in a browser, against the built server. Ends with what failed, and one line that counts them.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { ensureChromium } from './chromium.ts'

interface Count {
  readonly passed: number
  readonly skipped: number
  /** Of each that failed, where it is and the first of what it said. */
  readonly failures: readonly string[]
}

const maxSaid = 600

const folder = mkdtempSync(join(tmpdir(), 'quire-test-'))
try {
  console.log(ensureChromium())
  const counts = build() ?? [runVitest(), runPlaywright()]
  const failures = counts.flatMap((count) => count.failures)
  const total = (kind: 'passed' | 'skipped'): number => counts.reduce((sum, count) => sum + count[kind], 0)
  const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''
  for (const failure of failures) console.log(`\nfailed: ${failure}`)
  console.log(`\n${total('passed')} passed, ${failures.length} failed${skipped}`)
  process.exitCode = failures.length > 0 || total('passed') === 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What failed of it, if anything did: there is nothing to test then. */
function build(): readonly Count[] | undefined {
  if (run('node', ['scripts/build.ts']) !== 0) return [{ passed: 0, skipped: 0, failures: ['the build'] }]
  process.env['QUIRE_SERVER'] = fileURLToPath(new URL('../dist/quire.js', import.meta.url))
  return undefined
}

function runVitest(): Count {
  const report = join(folder, 'vitest.json')
  const status = run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  return read(report, status, (found) => ({
    passed: numberAt(found, 'numPassedTests'),
    skipped: numberAt(found, 'numPendingTests'),
    failures: everyIn(found, 'testResults')
      .filter((file) => propertyOf(file, 'status') === 'failed')
      .flatMap((file) => {
        const failed = everyIn(file, 'assertionResults').filter(
          (test) => propertyOf(test, 'status') === 'failed',
        )
        return failed.length > 0
          ? failed.map((test) => failureOf(file, test, everyIn(test, 'failureMessages')[0]))
          : [failureOf(file, undefined, file)]
      }),
  }))
}

function runPlaywright(): Count {
  const report = join(folder, 'playwright.json')
  const status = run('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  return read(report, status, (found) => {
    const stats = propertyOf(found, 'stats')
    return {
      passed: numberAt(stats, 'expected') + numberAt(stats, 'flaky'),
      skipped: numberAt(stats, 'skipped'),
      failures: specsIn(found)
        .filter((spec) => propertyOf(spec, 'ok') === false)
        .map((spec) => {
          const results = everyIn(spec, 'tests').flatMap((test) => everyIn(test, 'results'))
          return failureOf(spec, spec, propertyOf(results.at(-1), 'error'))
        }),
    }
  })
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): number {
  const result = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
  return result.status ?? 1
}

/** A runner that failed without a failed test (it could not start, it left no report) counts as one failure. */
function read(report: string, status: number, count: (found: unknown) => Count): Count {
  let counted: Count = { passed: 0, skipped: 0, failures: [] }
  try {
    counted = count(JSON.parse(readFileSync(report, 'utf8')))
  } catch (error) {
    console.error(`no report: ${String(error)}`)
  }
  return status !== 0 && counted.failures.length === 0
    ? { ...counted, failures: [`${report} tells of none, but its runner failed`] }
    : counted
}

/** Playwright's suites hold suites. */
function specsIn(suite: unknown): unknown[] {
  return [...everyIn(suite, 'specs'), ...everyIn(suite, 'suites').flatMap(specsIn)]
}

function failureOf(file: unknown, test: unknown, error: unknown): string {
  const where = String(propertyOf(file, 'name') ?? propertyOf(file, 'file'))
  const name = propertyOf(test, 'fullName') ?? propertyOf(test, 'title')
  const said = stripVTControlCharacters(String(propertyOf(error, 'message') ?? error))
  return `${where} › ${typeof name === 'string' ? name : 'as a whole'}\n${said.slice(0, maxSaid)}`
}

function everyIn(value: unknown, name: string): readonly unknown[] {
  const found = propertyOf(value, name)
  return Array.isArray(found) ? found : []
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function numberAt(value: unknown, name: string): number {
  const found = propertyOf(value, name)
  return typeof found === 'number' ? found : 0
}
