/** The sentence beside the title that tells whether what was written is safe. It never promises more than is known. */
import { assertNever, mayWrite } from '@quire/protocol'
import type { DocumentSession, Trouble } from '../session/session.ts'
import { t } from '../words/index.ts'

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
      return passing(t('saveState.opening'))
    case 'connecting':
      return unsaved > 0
        ? { ...unsent('connecting', saving), spoken: '' }
        : passing(t('saveState.nowConnecting'))
    case 'live':
      // To someone who only reads, a server that cannot store is no trouble.
      if (trouble !== 'none' && (unsaved > 0 || mayWrite(state.role)))
        return unsaved > 0 ? notStored(trouble, saving) : calm(savedSoFar(trouble))
      if (unsaved > 0) return passing(t('saveState.saving'))
      if (!mayWrite(state.role)) return calm(t('saveState.viewOnly'))
      return calm(t(saving.keeping === 'unread' ? 'saveState.savedUnread' : 'saveState.saved'))
    case 'offline':
      return unsaved > 0 ? unsent('offline', saving) : calm(t('saveState.offline'))
    case 'refused':
      return act(t(`${unsaved > 0 ? 'notSaved' : 'stopped'}.${state.refusal}`))
    case 'gone':
      return act(t(unsaved > 0 ? 'notSaved.gone' : 'stopped.gone'))
    default:
      return assertNever(state)
  }
}

/** What waits for a connection. What is only in this page is in danger; what is on this device is not. */
function unsent(where: 'offline' | 'connecting', { unsaved, unkept, keeping }: Saving): SaveState {
  // A device may fail to keep what the server has, and have every edit.
  const kept = unkept > 0 ? keeping : 'kept'
  switch (kept) {
    case 'kept': {
      const count = unsaved - unkept
      return count > 0
        ? calm(t(`saveState.${where}Kept`, { count }), t(`saveState.${where}KeptSpoken`))
        : calm(t(`saveState.${where}`))
    }
    case 'full':
      return act(t(`saveState.${where}Full`, { count: unkept }), t(`saveState.${where}FullSpoken`))
    case 'unavailable':
    case 'unread':
      return act(t(`saveState.${where}Unkept`, { count: unkept }), t(`saveState.${where}UnkeptSpoken`))
    default:
      return assertNever(kept)
  }
}

function notStored(trouble: Exclude<Trouble, 'none'>, { unkept, keeping }: Saving): SaveState {
  if (trouble === 'read-only') return act(t('notSaved.not-allowed'))
  if (trouble === 'document-full') return act(t('notSaved.document-full'))
  if (keeping !== 'kept' && unkept > 0) return act(t(`notSaved.${trouble}`))
  return unkept > 0 ? passing(t('saveState.saving')) : act(t(`kept.${trouble}`))
}

function savedSoFar(trouble: Exclude<Trouble, 'none'>): string {
  return trouble === 'read-only' ? t('saveState.viewOnly') : t(`saved.${trouble}`)
}

/** Why what was written cannot be saved, in a sentence; undefined while it may yet be. */
export function reasonNotSaved({ state, trouble }: Pick<Saving, 'state' | 'trouble'>): string | undefined {
  if (state.type === 'refused') return t(`reason.${state.refusal}`)
  if (state.type === 'gone') return t('reason.gone')
  if (trouble === 'read-only') return t('reason.not-allowed')
  return trouble === 'document-full' || trouble === 'storage-full' ? t(`reason.${trouble}`) : undefined
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
