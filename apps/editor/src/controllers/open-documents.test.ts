import { expect, test } from 'vitest'
import type { DocumentSession, SessionState } from '../session/session.ts'
import { finishEarlier } from './finish-earlier.ts'
import { OpenDocuments } from './open-documents.ts'
import type { RecentDocument, RecentDocuments } from './recent-documents.ts'
import type { DocumentLink, DocumentToken } from './route.ts'

const link: DocumentLink = {
  type: 'link',
  documentId: 'a',
  key: 'key',
  href: 'https://quire.example/d/a#key',
}
const tokenOf = (sub: string, exp = 0): DocumentToken => ({
  type: 'token',
  documentId: 'a',
  token: `e30.${btoa(JSON.stringify({ sub, exp }))}.c2ln`,
})

test('a document that is let go is closed once the task is over', async () => {
  const { documents, sessions } = desk()
  const hold = documents.hold(link)
  hold.release()
  expect(sessions[0]?.isClosed).toBe(false)
  await Promise.resolve()
  expect(sessions[0]?.isClosed).toBe(true)
})

test('letting go and taking hold again in one task keeps the session', async () => {
  const { documents, sessions } = desk()
  const first = documents.hold(link)
  first.release()
  const second = documents.hold(link)
  await Promise.resolve()
  expect(second.session).toBe(first.session)
  expect(sessions).toMatchObject([{ isClosed: false }])
})

test('letting go twice counts once', async () => {
  const { documents, sessions } = desk()
  const first = documents.hold(link)
  documents.hold(link)
  first.release()
  first.release()
  await Promise.resolve()
  expect(sessions[0]?.isClosed).toBe(false)
})

test('a document with unsaved edits stays open until the last one is saved', async () => {
  const { documents, sessions } = desk()
  const hold = documents.hold(link)
  sessions[0]?.become({ unsaved: 2 })
  hold.release()
  await Promise.resolve()
  expect(sessions[0]?.isClosed).toBe(false)
  expect([documents.unsaved(), documents.unsaved('a'), documents.unsaved('b')]).toEqual([2, 2, 0])
  sessions[0]?.become({ unsaved: 0 })
  expect(sessions[0]?.isClosed).toBe(true)
  expect(documents.unsaved()).toBe(0)
})

test('whoever returns to a document that is still being saved meets the same session', async () => {
  const { documents, sessions } = desk()
  const hold = documents.hold(link)
  sessions[0]?.become({ unsaved: 1 })
  hold.release()
  await Promise.resolve()
  documents.hold(link)
  sessions[0]?.become({ unsaved: 0 })
  expect(sessions).toMatchObject([{ isClosed: false }])
})

test('a document is remembered once it is open, with its role and title', () => {
  const { documents, sessions, remembered } = desk()
  documents.hold(link)
  sessions[0]?.become({ state: { type: 'offline', role: 'edit' } })
  expect(remembered).toEqual([])
  sessions[0]?.become({ state: { type: 'live', role: 'edit' }, title: 'Field notes' })
  expect(remembered).toEqual([
    { documentId: 'a', path: '/d/a#key', role: 'edit', title: 'Field notes', openedAt: 7 },
  ])
})

test('a document is remembered with the role that its link has by now', () => {
  const { documents, sessions, remembered } = desk()
  documents.hold(link)
  for (const role of ['edit', 'view', 'view', 'edit'] as const)
    sessions[0]?.become({ state: { type: 'live', role } })
  expect(remembered.map(({ role }) => role)).toEqual(['edit', 'view', 'edit'])
})

test('a document that was opened with a token is not remembered', () => {
  const { documents, sessions, remembered } = desk()
  documents.hold(tokenOf('ada'))
  sessions[0]?.become({ state: { type: 'live', role: 'edit' }, title: 'Field notes' })
  expect(remembered).toEqual([])
})

test('a newer token reaches the session of its user, and nobody else’s', () => {
  const { documents, sessions } = desk()
  for (const pass of [link, tokenOf('ada'), tokenOf('bo')]) documents.hold(pass)
  documents.renew(tokenOf('ada', 1))
  documents.renew(tokenOf('cy', 1))
  expect(sessions.map(({ tokens }) => tokens)).toEqual([[], [tokenOf('ada', 1).token], []])
  documents.hold(tokenOf('ada', 1))
  expect(sessions).toHaveLength(3)
})

test('whoever returns with a newer token brings it along', async () => {
  const { documents, sessions } = desk()
  const hold = documents.hold(tokenOf('ada', 1))
  sessions[0]?.become({ unsaved: 1, state: { type: 'refused', refusal: 'access-ended', role: 'edit' } })
  hold.release()
  await Promise.resolve()
  documents.hold(tokenOf('ada', 2))
  expect(sessions.map(({ tokens }) => tokens)).toEqual([[tokenOf('ada', 2).token]])
})

test('a token that is known already, or older than the one in use, changes nothing', () => {
  const { documents, sessions } = desk()
  documents.hold(tokenOf('ada', 1))
  documents.hold(tokenOf('ada', 1))
  documents.renew(tokenOf('ada', 3))
  documents.hold(tokenOf('ada', 2))
  documents.hold(tokenOf('ada', 3))
  expect(sessions.map(({ tokens }) => tokens)).toEqual([[tokenOf('ada', 3).token]])
})

test('a new name is told in every document that is open', async () => {
  const { documents, sessions } = desk()
  const [first] = [link, { ...link, documentId: 'b' }, { ...link, documentId: 'c' }].map((pass) =>
    documents.hold(pass),
  )
  first?.release()
  await Promise.resolve()
  documents.rename('Bodil')
  expect(sessions.map(({ names }) => names)).toEqual([[], ['Bodil'], ['Bodil']])
})

test('listeners hear of every change until they have had enough', () => {
  const { documents, sessions } = desk()
  let heard = 0
  const undo = documents.subscribe(() => heard++)
  documents.hold(link)
  sessions[0]?.become({ unsaved: 1 })
  undo()
  sessions[0]?.become({ unsaved: 0 })
  expect(heard).toBe(1)
})

test('what stays unsaved is noted, and not what is so for a moment', () => {
  const { documents, sessions, noted } = desk()
  const live = { type: 'live', role: 'edit' } as const
  documents.hold(link)
  for (const unsaved of [0, 1, 0]) sessions[0]?.become({ state: live, unsaved })
  expect(noted).toEqual([['a', false]])
  sessions[0]?.become({ state: { type: 'offline', role: 'edit' } })
  sessions[0]?.become({ unsaved: 1 })
  sessions[0]?.become({ unsaved: 2 })
  expect(noted.slice(1)).toEqual([['a', true]])
  sessions[0]?.become({ state: live })
  sessions[0]?.become({ unsaved: 0 })
  expect(noted.slice(2)).toEqual([['a', false]])
})

test('a document that is no more, and has nothing unsaved, is not noted any longer', () => {
  const { documents, sessions, noted } = desk()
  documents.hold(link)
  sessions[0]?.become({ state: { type: 'offline', role: 'edit' }, unsaved: 1 })
  sessions[0]?.become({ state: { type: 'gone', role: undefined }, unsaved: 0 })
  expect(noted).toEqual([
    ['a', true],
    ['a', false],
  ])
})

test('what is unsaved for a moment is noted if that may be the last one', () => {
  const { documents, sessions, noted } = desk()
  documents.hold(link)
  sessions[0]?.become({ state: { type: 'live', role: 'edit' }, unsaved: 1 })
  documents.noteUnsaved()
  expect(noted).toEqual([['a', true]])
})

test.each<[SessionState, unsaved: number]>([
  [{ type: 'live', role: 'edit' }, 0],
  [{ type: 'gone', role: undefined }, 1],
])('what an earlier page could not save is open until it is: %o', async (state, unsaved) => {
  const { documents, sessions, remembered } = desk()
  const key = 'AAAAAAAAAAAAAAAAAAAAAA'
  const recent = { documentId: 'a', path: `/d/a#${key}`, role: 'edit', title: '', openedAt: 1 } as const
  remembered.push({ ...recent, isUnsaved: true }, { ...recent, documentId: 'b', path: `/d/b#${key}` })
  finishEarlier(documents, { recents: { list: remembered }, origin: 'https://quire.example' })
  expect(sessions).toHaveLength(1)
  sessions[0]?.become({ state: { type: 'offline', role: 'edit' }, unsaved: 1 })
  await Promise.resolve()
  expect([sessions[0]?.isClosed, documents.unsaved('a')]).toEqual([false, 1])
  sessions[0]?.become({ state, unsaved })
  await Promise.resolve()
  // Of what cannot be saved the list goes on telling.
  expect(sessions[0]?.isClosed).toBe(unsaved === 0)
})

function desk() {
  const sessions: FakeSession[] = []
  const remembered: RecentDocument[] = []
  const noted: [documentId: string, isUnsaved: boolean][] = []
  const recents: RecentDocuments = {
    list: remembered,
    remember: (document) => void remembered.push(document),
    forget: () => {},
    noteUnsaved: (documentId, isUnsaved) => void noted.push([documentId, isUnsaved]),
    subscribe: () => () => {},
  }
  const openSession = (): DocumentSession => {
    const session = new FakeSession()
    sessions.push(session)
    // The rest of a session is nothing that open documents look at.
    return session as unknown as DocumentSession
  }
  return { documents: new OpenDocuments({ openSession, recents, now: () => 7 }), sessions, remembered, noted }
}

class FakeSession implements Pick<
  DocumentSession,
  'state' | 'unsaved' | 'title' | 'refresh' | 'rename' | 'subscribe' | 'close'
> {
  state: SessionState = { type: 'connecting', role: undefined }
  unsaved = 0
  title = ''
  isClosed = false
  readonly tokens: string[] = []
  readonly names: string[] = []
  readonly #listeners = new Set<() => void>()

  become(values: Partial<Pick<FakeSession, 'state' | 'unsaved' | 'title'>>): void {
    Object.assign(this, values)
    for (const listener of this.#listeners) listener()
  }

  refresh(token: string): void {
    this.tokens.push(token)
  }

  rename(name: string): void {
    this.names.push(name)
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.isClosed = true
  }
}
