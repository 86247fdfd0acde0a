import { expect, test, vi } from 'vitest'
import { copyLineLink, type ShownDocument } from './document-actions.ts'
import type { Answer, SharedLink, Surroundings } from './surroundings.ts'

const href = 'https://quire.example/d/a#AAAAAAAAAAAAAAAAAAAAAA'
const toHand = 'https://quire.example/d/a#BBBBBBBBBBBBBBBBBBBBBB'

function shown(links: Promise<Answer<readonly SharedLink[]>>) {
  const copied: unknown[] = []
  const copy = vi.fn(async (text: string | Promise<string>) => {
    copied.push(await text)
    return true
  })
  const say = vi.fn()
  // Nothing else of them is asked for by what is tested here.
  const surroundings = { copy, server: { links: () => links }, now: () => 0 } as unknown as Surroundings
  const document: ShownDocument = {
    surroundings,
    pass: { type: 'link', documentId: 'a', key: 'AAAAAAAAAAAAAAAAAAAAAA', href },
    role: 'own',
    title: '',
    language: 'markdown',
    text: () => '',
    rendered: async () => '',
    place: () => 'here',
    say,
  }
  return { document, copy, copied, say }
}

// Some browsers let nothing be copied later.
test('an owner’s link to a line is being copied before the server has answered', async () => {
  const links = Promise.withResolvers<Answer<readonly SharedLink[]>>()
  const { document, copy, copied, say } = shown(links.promise)
  const done = copyLineLink(document)
  expect(copy).toHaveBeenCalledTimes(1)
  // Of a link no more is looked at than this.
  links.resolve({ type: 'given', value: [{ role: 'edit', url: toHand } as SharedLink] })
  await done
  expect(copied).toEqual([`${toHand}&at=here`])
  expect(say).toHaveBeenCalledExactlyOnceWith('Link to this line copied. Whoever has it can edit.')
})

test('where there is no link to be handed on, nothing is copied', async () => {
  const { document, copied, say } = shown(Promise.resolve({ type: 'given', value: [] }))
  await copyLineLink(document)
  expect(copied).toEqual([])
  expect(say).toHaveBeenCalledTimes(1)
})

test('a server that does not answer is told, and nothing is copied', async () => {
  const { document, copied, say } = shown(Promise.resolve({ type: 'failed', words: 'Not now.' }))
  await copyLineLink(document)
  expect(copied).toEqual([])
  expect(say).toHaveBeenCalledExactlyOnceWith('Not now.')
})
