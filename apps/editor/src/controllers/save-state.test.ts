import type { Role } from '@quire/protocol'
import { describe, expect, test } from 'vitest'
import type { Refusal, SessionState } from '../session/session.ts'
import { describeSaveState } from './save-state.ts'

const live = (role: Role): SessionState => ({ type: 'live', role })
const offline = (options: { loaded: boolean; role?: Role }): SessionState => ({
  type: 'offline',
  role: 'edit',
  ...options,
})
const refused = (refusal: Refusal): SessionState => ({ type: 'refused', refusal })

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
    expect(describeSaveState(state, unsaved)).toEqual({ words, tone: 'calm' })
  })
})

describe('what was written is not safe', () => {
  test.each<[string, SessionState, number]>([
    ['Offline: 1 edit not saved yet', offline({ loaded: true }), 1],
    ['Offline: 12 edits not saved yet', offline({ loaded: true }), 12],
    ['Not saved: your link no longer opens this document.', refused('unknown-document'), 1],
    ['Not saved: your link no longer allows editing.', refused('not-allowed'), 3],
    ['Not saved: the server could not take your last edits.', refused('unacceptable-update'), 1],
    ['Not saved: your last edits are more than the server takes.', refused('too-large'), 1],
    ['Not saved: this page is out of date.', refused('version'), 2],
  ])('%s', (words, state, unsaved) => {
    expect(describeSaveState(state, unsaved)).toEqual({ words, tone: 'act' })
  })
})

describe('the server has stopped us, and nothing is lost', () => {
  test.each<[string, Refusal]>([
    ['Your link no longer opens this document.', 'unknown-document'],
    ['Your link no longer allows this.', 'not-allowed'],
    ['Stopped: the server could not take what this page sent.', 'unacceptable-update'],
    ['Stopped: this is more than the server takes.', 'too-large'],
    ['This page is out of date.', 'version'],
  ])('%s', (words, refusal) => {
    expect(describeSaveState(refused(refusal), 0)).toEqual({ words, tone: 'act' })
  })
})

test('no sentence claims that a copy is kept on this device', () => {
  const states = [offline({ loaded: true }), offline({ loaded: false }), refused('not-allowed'), live('edit')]
  for (const state of states) expect(describeSaveState(state, 2).words).not.toMatch(/device|saved$/i)
})
