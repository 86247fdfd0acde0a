import type { Role } from '@quire/protocol'
import { describe, expect, test } from 'vitest'
import type { Refusal, SessionState, Trouble } from '../session/session.ts'
import { describeSaveState } from './save-state.ts'

const live = (role: Role): SessionState => ({ type: 'live', role })
const offline = (options: { loaded: boolean; role?: Role }): SessionState => ({
  type: 'offline',
  role: 'edit',
  ...options,
})
const refused = (refusal: Refusal): SessionState => ({ type: 'refused', refusal })

/** On a server without trouble, unless said otherwise. */
function describeState(state: SessionState, unsaved: number, trouble: Trouble = 'none') {
  return describeSaveState({ state, unsaved, trouble })
}

describe('all is well', () => {
  test.each<[string, SessionState, number]>([
    ['Connecting…', { type: 'connecting' }, 0],
    ['Saved', live('own'), 0],
    ['Saved', live('edit'), 0],
    ['View only', live('view'), 0],
    ['Saving…', live('own'), 1],
    ['Saving…', live('edit'), 400],
    ['Offline', offline({ loaded: true }), 0],
    ['Offline', offline({ loaded: true, role: 'view' }), 0],
    ['Offline', offline({ loaded: false }), 0],
  ])('%s', (words, state, unsaved) => {
    expect(describeState(state, unsaved)).toMatchObject({ words, tone: 'calm' })
  })
})

describe('what was written is not safe', () => {
  test.each<[string, SessionState, number]>([
    ['Offline: 1 edit not saved yet', offline({ loaded: true }), 1],
    ['Offline: 12 edits not saved yet', offline({ loaded: true }), 12],
    ['Not saved: your link no longer opens this document.', refused('unknown-document'), 1],
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
  ])('%s', (words, state, unsaved) => {
    expect(describeState(state, unsaved)).toMatchObject({ words, tone: 'act' })
  })
})

describe('the server has stopped us, and nothing is lost', () => {
  test.each<[string, Refusal]>([
    ['Your link no longer opens this document.', 'unknown-document'],
    ['Your link no longer allows this.', 'not-allowed'],
    ['Your access has ended. Open this document again from the application it came from.', 'access-ended'],
    ['You no longer have access to this document.', 'access-refused'],
    ['Stopped: the server could not take what this page sent.', 'unacceptable-update'],
    ['Stopped: this is more than the server takes.', 'too-large'],
    ['This page is out of date.', 'version'],
  ])('%s', (words, refusal) => {
    expect(describeState(refused(refusal), 0)).toMatchObject({ words, tone: 'act' })
  })
})

describe('the server cannot store', () => {
  test.each<[string, Trouble, Role, number]>([
    ['Not saved: the server cannot write to its disk. Keep this page open.', 'storage-failed', 'edit', 1],
    ['Not saved: the server cannot write to its disk. Keep this page open.', 'storage-failed', 'own', 12],
    ['Not saved: this document is full.', 'document-full', 'edit', 1],
    // Someone who may no longer write, and has something that is not saved.
    ['Not saved: this document is full.', 'document-full', 'view', 1],
  ])('%s', (words, trouble, role, unsaved) => {
    expect(describeState(live(role), unsaved, trouble)).toEqual({ words, tone: 'act', spoken: words })
  })

  test.each<[string, Trouble, Role]>([
    ['Saved so far, but the server cannot write to its disk.', 'storage-failed', 'own'],
    ['Saved so far, but this document is full.', 'document-full', 'edit'],
    ['View only', 'storage-failed', 'view'],
    ['View only', 'document-full', 'view'],
  ])('%s', (words, trouble, role) => {
    expect(describeState(live(role), 0, trouble)).toEqual({ words, tone: 'calm', spoken: words })
  })

  test('once the connection is gone, that is what is said', () => {
    expect(describeState(offline({ loaded: true }), 2, 'storage-failed').words).toMatch(/^Offline: 2 edits/)
    expect(describeState(refused('not-allowed'), 2, 'document-full').words).toMatch(/your link/)
  })
})

describe('what is spoken', () => {
  test.each<[string, SessionState]>([
    ['of connecting', { type: 'connecting' }],
    ['of saving', live('edit')],
  ])('is nothing %s, which passes at once', (_, state) => {
    expect(describeState(state, 1).spoken).toBe('')
  })

  test('does not change with the count of edits', () => {
    const state = offline({ loaded: true })
    expect(describeState(state, 1).spoken).toBe(describeState(state, 12).spoken)
  })
})

test('no sentence claims that a copy is kept on this device', () => {
  const states = [offline({ loaded: true }), offline({ loaded: false }), refused('not-allowed'), live('edit')]
  const troubles: Trouble[] = ['none', 'storage-failed', 'document-full']
  for (const state of states)
    for (const trouble of troubles)
      expect(describeState(state, 2, trouble).words).not.toMatch(/device|saved$/i)
})
