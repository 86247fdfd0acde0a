/** The sentence beside the title that tells whether what was written is safe. It never promises more than is known. */
import { assertNever, mayWrite } from '@quire/protocol'
import type { Refusal, SessionState } from '../session/session.ts'

export interface SaveState {
  readonly words: string
  /** `act`: something written is in danger, or the person has to do something. */
  readonly tone: 'calm' | 'act'
}

export function describeSaveState(state: SessionState, unsaved: number): SaveState {
  switch (state.type) {
    case 'connecting':
      return calm('Connecting…')
    case 'live':
      if (unsaved > 0) return calm('Saving…')
      return calm(mayWrite(state.role) ? 'Saved' : 'View only')
    case 'offline':
      return unsaved > 0 ? act(`Offline: ${edits(unsaved)} not saved yet`) : calm('Offline')
    case 'refused':
      return act(unsaved > 0 ? notSaved(state.refusal) : stopped(state.refusal))
    default:
      return assertNever(state)
  }
}

function notSaved(refusal: Refusal): string {
  switch (refusal) {
    case 'unknown-document':
      return 'Not saved: your link no longer opens this document.'
    case 'not-allowed':
      return 'Not saved: your link no longer allows editing.'
    case 'unacceptable-update':
      return 'Not saved: the server could not take your last edits.'
    case 'too-large':
      return 'Not saved: your last edits are more than the server takes.'
    case 'version':
      return 'Not saved: this page is out of date.'
    default:
      return assertNever(refusal)
  }
}

function stopped(refusal: Refusal): string {
  switch (refusal) {
    case 'unknown-document':
      return 'Your link no longer opens this document.'
    case 'not-allowed':
      return 'Your link no longer allows this.'
    case 'unacceptable-update':
      return 'Stopped: the server could not take what this page sent.'
    case 'too-large':
      return 'Stopped: this is more than the server takes.'
    case 'version':
      return 'This page is out of date.'
    default:
      return assertNever(refusal)
  }
}

function edits(count: number): string {
  return count === 1 ? '1 edit' : `${count} edits`
}

function calm(words: string): SaveState {
  return { words, tone: 'calm' }
}

function act(words: string): SaveState {
  return { words, tone: 'act' }
}
