import { expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import { Findings, lastsMs, maxDocuments } from './findings.ts'

const name = parseDocumentName('notes')
const answer = { type: 'failed', code: 'damaged', message: 'the base is missing' } as const

it('remembers an answer to each question, until some minutes have passed since the first', () => {
  let nowMs = 0
  const findings = new Findings(() => nowMs)
  findings.keep(name, 'load', answer)
  nowMs += lastsMs - 1
  findings.keep(name, 'set aside', { type: 'done', value: 'a path' })
  expect(findings.recall(name, 'load')).toBe(answer)
  expect(findings.recall(name, 'set aside')).toMatchObject({ value: 'a path' })
  expect(findings.recall(name, 'something else')).toBeUndefined()
  nowMs++
  expect(findings.recall(name, 'load')).toBeUndefined()
  expect(findings.recall(name, 'set aside')).toBeUndefined()
  findings.keep(name, 'load', answer)
  expect(findings.recall(name, 'load')).toBe(answer)
})

it('forgets the oldest of too many', () => {
  const findings = new Findings(() => 0)
  const names = Array.from({ length: maxDocuments + 1 }, (_, index) => parseDocumentName(`name ${index}`))
  for (const each of names) findings.keep(each, 'load', answer)
  expect(names.filter((each) => !findings.recall(each, 'load'))).toEqual(names.slice(0, 1))
})
