import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { quireVersion } from './version.ts'

it('is the version of the repository', () => {
  const root = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  expect(JSON.parse(root)).toMatchObject({ version: quireVersion })
})
