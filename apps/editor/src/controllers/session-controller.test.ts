import type { ReactiveControllerHost } from 'lit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DocumentSession, SessionState } from '../session/session.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { Saving } from './save-state.ts'
import { SessionController } from './session-controller.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const live: SessionState = { type: 'live', role: 'edit' }

test('bad news is told at once, good news when it has lasted', () => {
  const { controller, become } = open()
  become({ state: live, unsaved: 1 })
  expect(controller.saveState.words).toBe('Saving…')
  become({ unsaved: 0 })
  expect(controller.saveState.words).toBe('Saving…')
  vi.advanceTimersByTime(500)
  expect(controller.saveState.words).toBe('Saved')
  become({ unsaved: 1 })
  expect(controller.saveState.words).toBe('Saving…')
})

test('an edit within the calm starts it again', () => {
  const { controller, become } = open()
  become({ state: live, unsaved: 1 })
  become({ unsaved: 0 })
  vi.advanceTimersByTime(400)
  become({ unsaved: 1 })
  vi.advanceTimersByTime(400)
  expect(controller.saveState.words).toBe('Saving…')
})

test('trouble is told at once, and its end when all is saved and that has lasted', () => {
  const { controller, become } = open()
  become({ state: live })
  become({ unsaved: 1 })
  become({ trouble: 'storage-failed' })
  expect(controller.saveState.words).toMatch(/^Not saved/)
  expect(controller.announcement).toBe(controller.saveState.words)
  become({ trouble: 'none' })
  expect([controller.saveState.words, controller.announcement]).toEqual(['Saving…', ''])
  become({ unsaved: 0 })
  expect(controller.saveState.words).toBe('Saving…')
  vi.advanceTimersByTime(500)
  expect([controller.saveState.words, controller.announcement]).toEqual(['Saved', 'Saved'])
})

test('text is offered to be taken elsewhere when waiting does not save it', () => {
  const { controller, become } = open()
  const offered = (values: Parameters<typeof become>[0]): boolean => {
    become({ state: live, trouble: 'none', unsaved: 1, ...values })
    return controller.rescueReason !== undefined
  }
  expect(offered({})).toBe(false)
  expect(offered({ trouble: 'storage-failed' })).toBe(false)
  expect(offered({ state: { type: 'offline', role: 'edit' } })).toBe(false)
  expect(offered({ trouble: 'document-full' })).toBe(true)
  expect(offered({ trouble: 'storage-full' })).toBe(true)
  expect(offered({ state: { type: 'refused', refusal: 'too-large', role: 'edit' } })).toBe(true)
  expect(offered({ state: { type: 'refused', refusal: 'another-document', role: 'edit' } })).toBe(true)
  expect(controller.mayReapply).toBe(false)
  expect(offered({ state: { type: 'refused', refusal: 'too-large', role: 'edit' }, unsaved: 0 })).toBe(false)
})

test('a refusal before the text has come closes the page, one after it leaves the text to be read', () => {
  const refused: SessionState = { type: 'refused', refusal: 'not-allowed', role: undefined }
  const { controller, become } = open()
  expect(controller.stage).toEqual({ type: 'opening' })
  become({ state: refused })
  expect(controller.stage).toEqual({ type: 'closed', ending: 'not-allowed' })
  become({ state: live })
  become({ state: { ...refused, role: 'edit' } })
  expect(controller.stage).toEqual({ type: 'stopped', ending: 'not-allowed', role: 'edit' })
})

test('offline, a text that has been received can be written in, one that has not is waited for', () => {
  const { controller, become } = open()
  become({ state: { type: 'offline', role: undefined } })
  expect(controller.stage).toEqual({ type: 'waiting' })
  become({ state: { type: 'offline', role: 'edit' } })
  expect(controller.stage).toEqual({ type: 'open', role: 'edit', editable: true })
  become({ state: { type: 'live', role: 'view' } })
  expect(controller.stage).toEqual({ type: 'open', role: 'view', editable: false })
})

test('a host that leaves the page lets go of the document and hears no more', () => {
  const { controller, become, counts } = open()
  controller.hostDisconnected()
  const { renderings } = counts
  become({ state: live, unsaved: 1 })
  expect(counts).toEqual({ renderings, released: 1 })
})

test('the host is drawn anew when something that it shows is another, and not with every key', () => {
  const { become, counts } = open()
  become({ state: live, unsaved: 1 })
  const { renderings } = counts
  for (const unsaved of [2, 3, 2, 3]) become({ unsaved })
  expect(counts.renderings).toBe(renderings)
  become({ state: { type: 'offline', role: 'edit' } })
  expect(counts.renderings).toBe(renderings + 1)
  // Offline it is told how many there are.
  become({ unsaved: 4 })
  expect(counts.renderings).toBe(renderings + 2)
})

test('a host that shows more than most is drawn anew when that is another', () => {
  const { become, counts } = open(({ unsaved }) => [unsaved])
  become({ state: live, unsaved: 1 })
  const { renderings } = counts
  become({ unsaved: 2 })
  become({ unsaved: 2 })
  expect(counts.renderings).toBe(renderings + 1)
})

function open(details?: (session: DocumentSession) => readonly unknown[]) {
  const counts = { renderings: 0, released: 0 }
  const listeners = new Set<() => void>()
  const values: Saving = {
    state: { type: 'connecting', role: undefined },
    trouble: 'none',
    unsaved: 0,
    unkept: 0,
    keeping: 'kept',
  }
  const session = Object.assign(values, {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
  // The rest of a session, of open documents and of a host is nothing the controller touches.
  const documents = {
    hold: () => ({ session: session as unknown as DocumentSession, release: () => counts.released++ }),
  } as unknown as OpenDocuments
  const host = {
    addController: () => {},
    requestUpdate: () => counts.renderings++,
  } as unknown as ReactiveControllerHost
  const pass = { type: 'link', documentId: 'a', key: 'key', href: 'https://quire.example/d/a#key' } as const
  const controller = new SessionController(host, () => ({ documents, pass }), details)
  controller.hostConnected()
  return {
    controller,
    counts,
    become(changed: Partial<typeof values>): void {
      Object.assign(values, changed)
      for (const listener of listeners) listener()
    },
  }
}
