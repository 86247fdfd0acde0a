import { initialFiles } from '../../scripts/size.ts'
import { expect, test } from './stories.ts'

/** In KiB, gzipped: 170 KB. */
const limit = 166

test('a document page loads no more than it needs to be written in', () => {
  const files = initialFiles()
  // Without these it would not be a page that can be written in, and the sum would mean nothing.
  for (const part of [/codemirror/, /page/, /early/])
    expect(files.map(({ path }) => path)).toContainEqual(expect.stringMatching(part))
  const total = files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) / 1024
  expect(total).toBeLessThan(limit)
  // What is fetched with its first use.
  for (const part of [
    /settings-styles|quire-settings/,
    /palette/,
    /share/,
    /rescue/,
    /outline/,
    /home/,
    /preview/,
  ])
    expect(files.map(({ path }) => path)).not.toContainEqual(expect.stringMatching(part))
})
