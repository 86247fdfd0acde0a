import type { Role } from '@quire/protocol'
import { describe, expect, test } from 'vitest'
import type { Refusal, SessionState, Trouble } from '../session/session.ts'
import { describeSaveState, type Saving } from './save-state.ts'

const live = (role: Role): SessionState => ({ type: 'live', role })
const offline = (role: Role | undefined = 'edit'): SessionState => ({ type: 'offline', role })
const refused = (refusal: Refusal): SessionState => ({ type: 'refused', refusal, role: 'edit' })
const gone: SessionState = { type: 'gone', role: 'edit' }
const connecting: SessionState = { type: 'connecting', role: undefined }

/** On a server without trouble and a device that keeps everything, unless said otherwise. */
function describeState(state: SessionState, unsaved: number, rest: Partial<Saving> = {}) {
  return describeSaveState({ state, unsaved, trouble: 'none', unkept: 0, keeping: 'kept', ...rest })
}

describe('all is well', () => {
  test.each<[string, SessionState, number]>([
    ['Connecting…', connecting, 0],
    ['Saved', live('own'), 0],
    ['Saved', live('edit'), 0],
    ['View only', live('view'), 0],
    ['Saving…', live('own'), 1],
    ['Saving…', live('edit'), 400],
    ['Opening…', { type: 'loading' }, 0],
    ['Offline', offline(), 0],
    ['Offline', offline('view'), 0],
    ['Offline', offline(undefined), 0],
    ['Offline: 1 edit on this device', offline(), 1],
    ['Offline: 12 edits on this device', offline(), 12],
    ['Connecting: 12 edits on this device', { type: 'connecting', role: 'edit' }, 12],
  ])('%s', (words, state, unsaved) => {
    expect(describeState(state, unsaved)).toMatchObject({ words, tone: 'calm' })
  })
})

test('what may be on this device and could not be read is not passed over', () => {
  const words = 'Saved, but what this device keeps could not be read so far.'
  expect(describeState(live('edit'), 0, { keeping: 'unread' })).toEqual({
    words,
    tone: 'calm',
    spoken: words,
  })
  expect(describeState(live('view'), 0, { keeping: 'unread' }).words).toBe('View only')
})

describe('what was written is not safe', () => {
  test.each<[string, SessionState, number]>([
    ['Not saved: your link no longer opens this document.', gone, 1],
    ['Not saved: your link no longer allows editing.', refused('not-allowed'), 3],
    [
      'Not saved: your access has ended. Open this document again from the application it came from.',
      refused('access-ended'),
      1,
    ],
    ['Not saved: you no longer have access to this document.', refused('access-refused'), 2],
    ['Not saved: the server could not take your last edits.', refused('unacceptable-update'), 1],
    ['Not saved: your last edits are more than the server takes.', refused('too-large'), 1],
    ['Not saved: this page is out of date.', refused('version'), 2],
    ['Not saved: this document was begun anew.', refused('another-document'), 1],
  ])('%s', (words, state, unsaved) => {
    expect(describeState(state, unsaved)).toMatchObject({ words, tone: 'act' })
  })
})

describe('what was written is in this page only', () => {
  test.each<[string, Partial<Saving>, SessionState?]>([
    ['Offline: 1 edit in this page only. Keep it open.', { keeping: 'unavailable', unkept: 1 }],
    ['Offline: 3 edits in this page only. Keep it open.', { keeping: 'unavailable', unkept: 3 }],
    [
      'Offline, and this device is full: 2 edits in this page only. Keep it open.',
      { keeping: 'full', unkept: 2 },
    ],
    [
      'Connecting: 3 edits in this page only. Keep it open.',
      { keeping: 'unavailable', unkept: 3 },
      { type: 'connecting', role: 'edit' },
    ],
  ])('%s', (words, rest, state = offline()) => {
    expect(describeState(state, 3, rest)).toMatchObject({ words, tone: 'act' })
  })

  test('which is said of none that the device has, whatever else it cannot keep', () => {
    for (const keeping of ['full', 'unavailable'] as const) {
      expect(describeState(offline(), 2, { keeping }).words).toBe('Offline: 2 edits on this device')
      expect(describeState(live('edit'), 2, { keeping, trouble: 'storage-failed' }).words).toMatch(
        /Your edits are on this device\.$/,
      )
    }
  })

  test('also if there may be more on this device, which could not be read', () => {
    const rest = { keeping: 'unread', unkept: 1 } as const
    expect(describeState(offline(), 1, rest).words).toBe('Offline: 1 edit in this page only. Keep it open.')
  })

  test('an edit is not said to be on this device until it is', () => {
    expect(describeState(offline(), 1, { unkept: 1 }).words).toBe('Offline')
    expect(describeState(offline(), 5, { unkept: 1 }).words).toBe('Offline: 4 edits on this device')
  })
})

describe('the server has stopped us, and nothing is lost', () => {
  test('Your link no longer opens this document.', () => {
    expect(describeState(gone, 0)).toMatchObject({
      words: 'Your link no longer opens this document.',
      tone: 'act',
    })
  })

  test.each<[string, Refusal]>([
    ['Your link no longer allows this.', 'not-allowed'],
    ['Your access has ended. Open this document again from the application it came from.', 'access-ended'],
    ['You no longer have access to this document.', 'access-refused'],
    ['Stopped: the server could not take what this page sent.', 'unacceptable-update'],
    ['Stopped: this is more than the server takes.', 'too-large'],
    ['This page is out of date.', 'version'],
    ['This document was begun anew.', 'another-document'],
  ])('%s', (words, refusal) => {
    expect(describeState(refused(refusal), 0)).toMatchObject({ words, tone: 'act' })
  })
})

describe('the server cannot store', () => {
  test.each<[string, Trouble, Role, number]>([
    [
      'Not saved yet: the server cannot write to its disk. Your edits are on this device.',
      'storage-failed',
      'edit',
      12,
    ],
    ['Not saved: this document is full.', 'document-full', 'edit', 1],
    ['Not saved yet: this server is full. Your edits are on this device.', 'storage-full', 'edit', 12],
    // Someone who may no longer write, and has something that is not saved.
    ['Not saved: your link no longer allows editing.', 'read-only', 'view', 1],
  ])('%s', (words, trouble, role, unsaved) => {
    expect(describeState(live(role), unsaved, { trouble })).toEqual({ words, tone: 'act', spoken: words })
  })

  test.each<[string, Trouble]>([
    ['Not saved: the server cannot write to its disk. Keep this page open.', 'storage-failed'],
    ['Not saved: this server is full. Keep this page open.', 'storage-full'],
  ])('and this device keeps nothing: %s', (words, trouble) => {
    for (const keeping of ['unavailable', 'full'] as const)
      expect(describeState(live('edit'), 1, { trouble, keeping, unkept: 1 }).words).toBe(words)
  })

  test.each<[string, Trouble, Role]>([
    ['Saved so far, but the server cannot write to its disk.', 'storage-failed', 'own'],
    ['Saved so far, but this document is full.', 'document-full', 'edit'],
    ['Saved so far, but this server is full.', 'storage-full', 'edit'],
    ['View only', 'storage-failed', 'view'],
    ['View only', 'document-full', 'view'],
  ])('%s', (words, trouble, role) => {
    expect(describeState(live(role), 0, { trouble })).toEqual({ words, tone: 'calm', spoken: words })
  })

  test('once the connection is gone, that is what is said', () => {
    expect(describeState(offline(), 2, { trouble: 'storage-failed' }).words).toMatch(/^Offline: 2 edits/)
    expect(describeState(refused('not-allowed'), 2, { trouble: 'document-full' }).words).toMatch(/your link/)
  })
})

describe('what is spoken', () => {
  test.each<[string, SessionState]>([
    ['of connecting', connecting],
    ['of saving', live('edit')],
  ])('is nothing %s, which passes at once', (_, state) => {
    expect(describeState(state, 1).spoken).toBe('')
  })

  test('does not change with the count of edits', () => {
    for (const keeping of ['kept', 'full', 'unavailable'] as const) {
      const unkept = keeping === 'kept' ? 0 : 1
      const [one, many] = [1, 12].map((unsaved) => describeState(offline(), unsaved, { keeping, unkept }))
      expect(one?.spoken).toBe(many?.spoken)
      expect(one?.spoken).not.toBe('')
    }
  })
})

test('no sentence claims that everything is on this device while it is not, or saved while it is not', () => {
  const states = [offline(), connecting, refused('not-allowed'), gone, live('edit')]
  const troubles: Trouble[] = ['none', 'storage-failed', 'document-full', 'storage-full', 'read-only']
  for (const state of states)
    for (const trouble of troubles)
      for (const keeping of ['full', 'unavailable', 'unread'] as const)
        expect(describeState(state, 2, { trouble, keeping, unkept: 2 }).words).not.toMatch(
          /on this device|saved$/i,
        )
})
