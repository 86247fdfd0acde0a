import { expect, test } from 'vitest'
import { Announcer } from './announcer.ts'
import { describeSaveState, type Saving } from './save-state.ts'

type Moment = Saving

const saved: Moment = {
  state: { type: 'live', role: 'edit' },
  trouble: 'none',
  unsaved: 0,
  unkept: 0,
  keeping: 'kept',
}
const saving: Moment = { ...saved, unsaved: 1 }
const offline: Moment = { ...saved, state: { type: 'offline', role: 'edit' } }

test.each<[string, Moment[], string[]]>([
  [
    'opening is said once it is done',
    [{ ...saved, state: { type: 'connecting', role: undefined } }, saved],
    ['Saved'],
  ],
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
    ['Saved', 'Not saved yet: the server cannot write to its disk. Your edits are on this device.', 'Saved'],
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
    ['Saved', 'Offline', 'Offline: your edits are on this device', 'Saved'],
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
