/** The sentence beside the title that tells whether what was written is safe. It never promises more than is known. */
import { assertNever, mayWrite } from '@quire/protocol'
import type { DocumentSession, Ending, Trouble } from '../session/session.ts'

export interface SaveState {
  readonly words: string
  /** `act`: something written is in danger, or the person has to do something. */
  readonly tone: 'calm' | 'act'
  /** The words as they are spoken: without a count, which would be told anew with every key. '' for what passes at once. */
  readonly spoken: string
}

export type Saving = Pick<DocumentSession, 'state' | 'trouble' | 'unsaved' | 'unkept' | 'keeping'>

export function describeSaveState(saving: Saving): SaveState {
  const { state, trouble, unsaved } = saving
  switch (state.type) {
    case 'loading':
      return passing('Opening…')
    case 'connecting':
      return unsaved > 0 ? { ...unsent('Connecting', saving), spoken: '' } : passing('Connecting…')
    case 'live':
      // To someone who only reads, a server that cannot store is no trouble.
      if (trouble !== 'none' && (unsaved > 0 || mayWrite(state.role)))
        return unsaved > 0 ? notStored(trouble, saving) : calm(savedSoFar(trouble))
      if (unsaved > 0) return passing('Saving…')
      return calm(mayWrite(state.role) ? 'Saved' : 'View only')
    case 'offline':
      return unsaved > 0 ? unsent('Offline', saving) : calm('Offline')
    case 'refused':
      return act(unsaved > 0 ? notSaved(state.refusal) : stopped(state.refusal))
    case 'gone':
      return act(unsaved > 0 ? notSaved('gone') : stopped('gone'))
    default:
      return assertNever(state)
  }
}

/** What waits for a connection. What is only in this page is in danger; what is on this device is not. */
function unsent(where: string, { unsaved, unkept, keeping }: Saving): SaveState {
  // A device may fail to keep what the server has, and have every edit.
  const kept = unkept > 0 ? keeping : 'kept'
  switch (kept) {
    case 'kept': {
      const count = unsaved - unkept
      return count > 0
        ? calm(`${where}: ${edits(count)} on this device`, `${where}: your edits are on this device`)
        : calm(where)
    }
    case 'full':
      return act(
        `${where}, and this device is full: ${edits(unkept)} in this page only. Keep it open.`,
        `${where}, and this device is full: your last edits are in this page only. Keep it open.`,
      )
    case 'unavailable':
      return act(
        `${where}: ${edits(unkept)} in this page only. Keep it open.`,
        `${where}: your edits are in this page only. Keep it open.`,
      )
    default:
      return assertNever(kept)
  }
}

function notStored(trouble: Exclude<Trouble, 'none'>, { unkept, keeping }: Saving): SaveState {
  switch (trouble) {
    case 'storage-failed':
      if (keeping !== 'kept' && unkept > 0)
        return act('Not saved: the server cannot write to its disk. Keep this page open.')
      return unkept > 0
        ? passing('Saving…')
        : act('Not saved yet: the server cannot write to its disk. Your edits are on this device.')
    case 'read-only':
      return act(notSaved('not-allowed'))
    case 'document-full':
      return act(`Not saved: ${full}`)
    default:
      return assertNever(trouble)
  }
}

function savedSoFar(trouble: Exclude<Trouble, 'none'>): string {
  switch (trouble) {
    case 'storage-failed':
      return 'Saved so far, but the server cannot write to its disk.'
    case 'document-full':
      return 'Saved so far, but this document is full.'
    case 'read-only':
      return 'View only'
    default:
      return assertNever(trouble)
  }
}

/** Why what was written cannot be saved, in a sentence; undefined while it may yet be. */
export function reasonNotSaved({ state, trouble }: Pick<Saving, 'state' | 'trouble'>): string | undefined {
  const reason = lastingReason({ state, trouble })
  return reason && reason.charAt(0).toUpperCase() + reason.slice(1)
}

function lastingReason({ state, trouble }: Pick<Saving, 'state' | 'trouble'>): string | undefined {
  if (state.type === 'refused') return reasonOf(state.refusal)
  if (state.type === 'gone') return reasonOf('gone')
  if (trouble === 'read-only') return reasonOf('not-allowed')
  return trouble === 'document-full' ? full : undefined
}

const full = 'this document is full.'

function notSaved(ending: Ending): string {
  return `Not saved: ${reasonOf(ending)}`
}

function reasonOf(ending: Ending): string {
  switch (ending) {
    case 'gone':
      return 'your link no longer opens this document.'
    case 'not-allowed':
      return 'your link no longer allows editing.'
    case 'access-ended':
      return 'your access has ended. Open this document again from the application it came from.'
    case 'access-refused':
      return 'you no longer have access to this document.'
    case 'unacceptable-update':
      return 'the server could not take your last edits.'
    case 'too-large':
      return 'your last edits are more than the server takes.'
    case 'version':
      return 'this page is out of date.'
    default:
      return assertNever(ending)
  }
}

function stopped(ending: Ending): string {
  switch (ending) {
    case 'gone':
      return 'Your link no longer opens this document.'
    case 'not-allowed':
      return 'Your link no longer allows this.'
    case 'access-ended':
      return 'Your access has ended. Open this document again from the application it came from.'
    case 'access-refused':
      return 'You no longer have access to this document.'
    case 'unacceptable-update':
      return 'Stopped: the server could not take what this page sent.'
    case 'too-large':
      return 'Stopped: this is more than the server takes.'
    case 'version':
      return 'This page is out of date.'
    default:
      return assertNever(ending)
  }
}

function edits(count: number): string {
  return count === 1 ? '1 edit' : `${count} edits`
}

function calm(words: string, spoken = words): SaveState {
  return { words, tone: 'calm', spoken }
}

function passing(words: string): SaveState {
  return { words, tone: 'calm', spoken: '' }
}

function act(words: string, spoken = words): SaveState {
  return { words, tone: 'act', spoken }
}
