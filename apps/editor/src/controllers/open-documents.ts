/**
 * The documents this page holds open. A document that nobody looks at any more stays open until its last edit is
 * saved, so that following a link to another page loses nothing; whoever returns to it meets the same session. What stays
 * unsaved is noted on this device, and the next page goes on with it.
 */
import type { Role } from '@quire/protocol'
import type { DocumentSession, SessionState } from '../session/session.ts'
import type { RecentDocuments } from './recent-documents.ts'
import { entranceOf, pathOf, type DocumentToken, type Pass } from './route.ts'
import { claimsOf } from './token-claims.ts'

export interface Hold {
  readonly session: DocumentSession
  /** Says that the holder no longer needs the session; safe to call twice. */
  release(): void
}

interface OpenDocument {
  /** Of several tokens for one person, the one its session goes on with. */
  pass: Pass
  readonly session: DocumentSession
  readonly openedAt: number
  readonly unsubscribe: () => void
  holders: number
  /** What was last put on the list of recent documents; undefined before the first time. */
  remembered: { readonly title: string; readonly role: Role } | undefined
  /** What was last noted of it there; undefined before the first time. */
  isNotedUnsaved: boolean | undefined
}

export class OpenDocuments {
  readonly #openSession: (pass: Pass) => DocumentSession
  readonly #recents: RecentDocuments
  readonly #now: () => number
  readonly #open = new Map<string, OpenDocument>()
  readonly #listeners = new Set<() => void>()

  constructor(options: {
    readonly openSession: (pass: Pass) => DocumentSession
    readonly recents: RecentDocuments
    readonly now: () => number
  }) {
    this.#openSession = options.openSession
    this.#recents = options.recents
    this.#now = options.now
  }

  /** How many edits of this page the server has not said are durable, in one document or in all. */
  unsaved(documentId?: string): number {
    return [...this.#open.values()]
      .filter(({ pass }) => documentId === undefined || pass.documentId === documentId)
      .reduce((sum, { session }) => sum + session.unsaved, 0)
  }

  /** How many of them would be lost with this page. */
  get unkept(): number {
    return [...this.#open.values()].reduce((sum, { session }) => sum + session.unkept, 0)
  }

  /** There may be a network again, or none any more. */
  wake(): void {
    for (const { session } of this.#open.values()) session.wake()
  }

  /** There is said to be no network any more. */
  doubt(): void {
    for (const { session } of this.#open.values()) session.doubt()
  }

  /** To be called when this page may be gone in the next moment. */
  noteUnsaved(): void {
    for (const open of this.#open.values()) this.#note(open, open.session.unsaved > 0)
  }

  /** A document that is open goes on with the token of `pass`, if that is newer. */
  hold(pass: Pass): Hold {
    const open = this.#open.get(entranceOf(pass)) ?? this.#add(pass)
    if (isNewer(pass, open.pass)) this.renew(pass)
    open.holders++
    let held = true
    return {
      session: open.session,
      release: () => {
        if (!held) return
        held = false
        open.holders--
        // A component that is moved in the page lets go and takes hold again within one task.
        queueMicrotask(() => this.#closeIfDone(open))
      },
    }
  }

  /** A newer token: whoever has the document open goes on with it. */
  renew(pass: DocumentToken): void {
    const open = this.#open.get(entranceOf(pass))
    if (!open) return
    open.pass = pass
    open.session.refresh(pass.token)
  }

  /** In every document that is open. */
  rename(name: string): void {
    for (const { session } of this.#open.values()) session.rename(name)
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #add(pass: Pass): OpenDocument {
    const session = this.#openSession(pass)
    const open: OpenDocument = {
      pass,
      session,
      openedAt: this.#now(),
      unsubscribe: session.subscribe(() => this.#changed(open)),
      holders: 0,
      remembered: undefined,
      isNotedUnsaved: undefined,
    }
    this.#open.set(entranceOf(pass), open)
    return open
  }

  #changed(open: OpenDocument): void {
    this.#remember(open)
    this.#noteIfItLasts(open)
    this.#closeIfDone(open)
    for (const listener of this.#listeners) listener()
  }

  /**
   * Only a document that could be opened is worth remembering, and only then is our role in it known. A token is of no
   * use later: its documents are found where it came from.
   */
  #remember(open: OpenDocument): void {
    const { pass, session, openedAt, remembered } = open
    if (pass.type === 'token' || session.state.type !== 'live') return
    const { title } = session
    const { role } = session.state
    // Asked after every keystroke, so the list is not touched unless it would read differently.
    if (title === remembered?.title && role === remembered.role) return
    open.remembered = { title, role }
    this.#recents.remember({ documentId: pass.documentId, path: pathOf(pass), role, title, openedAt })
  }

  /** With each key something is unsaved for a moment: what counts is what stays so, since the server is not there. */
  #noteIfItLasts(open: OpenDocument): void {
    const { state, unsaved } = open.session
    if (unsaved > 0 ? state.type !== 'live' : isAnswered(state)) this.#note(open, unsaved > 0)
  }

  #note(open: OpenDocument, isUnsaved: boolean): void {
    const { pass, isNotedUnsaved } = open
    if (pass.type === 'token' || isNotedUnsaved === isUnsaved) return
    open.isNotedUnsaved = isUnsaved
    this.#recents.noteUnsaved(pass.documentId, isUnsaved)
  }

  #closeIfDone(open: OpenDocument): void {
    if (open.holders > 0 || open.session.unsaved > 0) return
    this.#open.delete(entranceOf(open.pass))
    open.unsubscribe()
    open.session.close()
  }
}

/** Has the server said what becomes of it? */
export function isAnswered({ type }: SessionState): boolean {
  return type === 'live' || type === 'refused' || type === 'gone'
}

/** Another element of the page may still have an earlier token, with which the session would end. */
function isNewer(pass: Pass, known: Pass): pass is DocumentToken {
  if (pass.type !== 'token' || known.type !== 'token' || pass.token === known.token) return false
  return (claimsOf(pass.token).expiresAt ?? 0) >= (claimsOf(known.token).expiresAt ?? 0)
}
