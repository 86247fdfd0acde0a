/** What is said by parts that are fetched with their first use is English only where it was brought along. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../apps/editor/src', import.meta.url))
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
const sources = globSync('**/*.ts', { cwd: folder, exclude: ['**/*.test.ts', 'words/*'] }).map(read)

const brought = globSync('words/*-english.ts', { cwd: folder, exclude: ['words/whole-english.ts'] })

test.each(brought)('whatever says a text of %s brings it', (file) => {
  const keys = [...read(file).matchAll(/'\w+\.\w+'/g)].map(([key]) => key)
  const saying = sources.filter((code) => keys.some((key) => code.includes(key)))
  expect(saying).not.toEqual([])
  for (const code of saying) expect(code).toMatch(new RegExp(`${file}[^]*\\nbring\\(`))
})
