/**
 * Opens a document for as long as its host is in the page, and tells the host what of it can be shown now.
 * What the words are is the business of `save-state.ts`; where things stand, of the component.
 */
import { assert, assertNever, mayWrite, type Role } from '@quire/protocol'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { DocumentSession, Ending } from '../session/session.ts'
import { Announcer } from './announcer.ts'
import type { Hold, OpenDocuments } from './open-documents.ts'
import type { Pass } from './route.ts'
import { describeSaveState, reasonNotSaved, type SaveState } from './save-state.ts'

/** What a page can show of a document. */
export type Stage =
  | { readonly type: 'opening' }
  /** The server could not be reached yet, so there is no text. */
  | { readonly type: 'waiting' }
  | { readonly type: 'open'; readonly role: Role; readonly editable: boolean }
  /** The text is here, but the server wants no more of us. */
  | { readonly type: 'stopped'; readonly ending: Ending; readonly role: Role }
  /** We were never let in. */
  | { readonly type: 'closed'; readonly ending: Ending }

/**
 * How long the good news is held back, so that the sentence does not flicker between two keystrokes.
 * Bad news is never held back.
 */
const calmMs = 500

export class SessionController implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #source: () => { readonly documents: OpenDocuments; readonly pass: Pass }
  readonly #details: (session: DocumentSession) => readonly unknown[]
  /** What the host was drawn with. */
  #shown: readonly unknown[] = []
  #hold: Hold | undefined
  #unsubscribe: (() => void) | undefined
  /** Whether the text has been on this page. */
  #wasOpen = false
  #settling: ReturnType<typeof setTimeout> | undefined
  #shownUnsaved = 0
  readonly #announcer = new Announcer()

  /**
   * `source` is asked when the host is connected; a host that is to show another document is another element. `details`: what
   * it shows of a session besides what all hosts do.
   */
  constructor(
    host: ReactiveControllerHost,
    source: () => { readonly documents: OpenDocuments; readonly pass: Pass },
    details: (session: DocumentSession) => readonly unknown[] = () => [],
  ) {
    this.#host = host
    this.#source = source
    this.#details = details
    host.addController(this)
  }

  /** From the moment the host is connected. */
  get session(): DocumentSession {
    assert(this.#hold !== undefined, 'a document is shown only while its component is in the page')
    return this.#hold.session
  }

  get stage(): Stage {
    const { state } = this.session
    switch (state.type) {
      case 'loading':
        return { type: 'opening' }
      case 'connecting':
        return state.role ? opened(state.role) : { type: 'opening' }
      case 'live':
        return opened(state.role)
      case 'offline':
        return state.role ? opened(state.role) : { type: 'waiting' }
      case 'refused':
        return this.#ended(state.refusal, state.role)
      case 'gone':
        return this.#ended('gone', state.role)
      default:
        return assertNever(state)
    }
  }

  get saveState(): SaveState {
    const { state, trouble, unkept, keeping } = this.session
    return describeSaveState({ state, trouble, unsaved: this.#shownUnsaved, unkept, keeping })
  }

  /** What a screen reader is to be told of it now, once; '' for nothing. */
  get announcement(): string {
    return this.#announcer.words
  }

  /** Why some of what was written will not be saved by waiting; undefined if that is not so. */
  get rescueReason(): string | undefined {
    return this.#shownUnsaved > 0 ? reasonNotSaved(this.session) : undefined
  }

  /** The server would not take it as it was sent, but may take it as it is written anew. */
  get mayReapply(): boolean {
    const { state } = this.session
    return (
      state.type === 'refused' && (state.refusal === 'unacceptable-update' || state.refusal === 'too-large')
    )
  }

  hostConnected(): void {
    const { documents, pass } = this.#source()
    this.#hold = documents.hold(pass)
    this.#unsubscribe = this.#hold.session.subscribe(() => this.#changed())
    this.#changed()
  }

  hostDisconnected(): void {
    clearTimeout(this.#settling)
    this.#settling = undefined
    this.#unsubscribe?.()
    this.#hold?.release()
  }

  #changed(): void {
    this.#wasOpen ||= this.stage.type === 'open' && this.session.state.type !== 'connecting'
    this.#showUnsaved()
    this.#show()
  }

  /** A text that people have before them is not taken away, nor is one that is saved nowhere, or nowhere else. */
  #ended(ending: Ending, role: Role | undefined): Stage {
    const isShown = role && (this.#wasOpen || this.session.unsaved > 0 || ending === 'missing')
    return isShown ? { type: 'stopped', ending, role } : { type: 'closed', ending }
  }

  /** A session tells of every edit, and with most of them nothing that is shown becomes another. */
  #show(): void {
    this.#announcer.heard(this.saveState)
    const shown = this.#whatIsShown()
    if (shown.length === this.#shown.length && shown.every((value, index) => value === this.#shown[index]))
      return
    this.#shown = shown
    this.#host.requestUpdate()
  }

  #whatIsShown(): readonly unknown[] {
    const { session, stage, saveState } = this
    const { doc, awareness, state, title, language, people, mayRename } = session
    return [
      ...Object.values(stage),
      saveState.words,
      saveState.tone,
      this.announcement,
      this.rescueReason,
      this.mayReapply,
      doc,
      awareness,
      state.type,
      title,
      language,
      people,
      mayRename,
      ...this.#details(session),
    ]
  }

  #showUnsaved(): void {
    const { unsaved, state } = this.session
    if (unsaved > 0 || state.type !== 'live' || this.#shownUnsaved === 0) {
      clearTimeout(this.#settling)
      this.#settling = undefined
      this.#shownUnsaved = unsaved
    } else
      this.#settling ??= setTimeout(() => {
        this.#settling = undefined
        this.#shownUnsaved = this.session.unsaved
        this.#show()
      }, calmMs)
  }
}

function opened(role: Role): Stage {
  return { type: 'open', role, editable: mayWrite(role) }
}
