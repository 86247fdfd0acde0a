import { expect, test } from 'vitest'
import type { DocumentSession } from '../session/session.ts'
import { Announcer } from './announcer.ts'
import { describeSaveState } from './save-state.ts'

type Moment = Pick<DocumentSession, 'state' | 'trouble' | 'unsaved'>

const saved: Moment = { state: { type: 'live', role: 'edit' }, trouble: 'none', unsaved: 0 }
const saving: Moment = { ...saved, unsaved: 1 }
const offline: Moment = { ...saved, state: { type: 'offline', loaded: true, role: 'edit' } }

test.each<[string, Moment[], string[]]>([
  ['opening is said once it is done', [{ ...saved, state: { type: 'connecting' } }, saved], ['Saved']],
  ['typing says nothing', [saved, saving, saved, saving, saved], ['Saved']],
  [
    'trouble is said once, however much is typed, and so is its end',
    [
      saved,
      { ...saving, trouble: 'storage-failed' },
      { ...saving, trouble: 'storage-failed', unsaved: 9 },
      saving,
      saved,
      saving,
      saved,
    ],
    ['Saved', 'Not saved: the server cannot write to its disk. Keep this page open.', 'Saved'],
  ],
  [
    'trouble is said before anything is lost, and again when something is in danger',
    [
      saved,
      { ...saved, trouble: 'document-full' },
      { ...saving, trouble: 'document-full' },
      { ...saving, trouble: 'document-full', unsaved: 2 },
    ],
    ['Saved', 'Saved so far, but this document is full.', 'Not saved: this document is full.'],
  ],
  [
    'edits are not counted aloud',
    [saved, offline, { ...offline, unsaved: 1 }, { ...offline, unsaved: 2 }, saving, saved],
    ['Saved', 'Offline', 'Offline: your edits are not saved yet', 'Saved'],
  ],
])('%s', (_, moments, said) => {
  expect(saidIn(moments)).toEqual(said)
})

test('a region never holds what is no longer so', () => {
  const announcer = new Announcer()
  announcer.heard(describeSaveState({ ...saving, trouble: 'storage-failed' }))
  announcer.heard(describeSaveState(saving))
  expect(announcer.words).toBe('')
})

/** A screen reader says what is new in a region, and nothing when the region becomes empty. */
function saidIn(moments: readonly Moment[]): string[] {
  const announcer = new Announcer()
  const said: string[] = []
  let held = ''
  for (const moment of moments) {
    announcer.heard(describeSaveState(moment))
    if (announcer.words !== held && announcer.words !== '') said.push(announcer.words)
    held = announcer.words
  }
  return said
}
