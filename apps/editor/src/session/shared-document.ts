/** The document that a session shows, with who is here: from its beginning until another one takes its place. */
import type { User } from '@quire/protocol'
import { Awareness, removeAwarenessStates } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { readPeople, SeenUsers } from './people.ts'
import { titleOf } from './rescue.ts'
import type { Person } from './session.ts'

const maxTitleLength = 256
const maxLanguageLength = 64

export interface SharedDocumentListener {
  /** It has become another; `origin` is that of the transaction. */
  updated(update: Uint8Array, origin: unknown): void
  /** What is said of it, or who is here, is different. */
  changed(): void
}

export class SharedDocument {
  readonly doc = new Y.Doc()
  readonly awareness = new Awareness(this.doc)
  #people: readonly Person[] | undefined

  constructor({ updated, changed }: SharedDocumentListener) {
    const { doc, awareness } = this
    doc.on('update', (update, origin) => {
      if (doc.clientID !== awareness.clientID) this.#renumbered()
      updated(update, origin)
    })
    this.#meta.observe(changed)
    const seen = new SeenUsers()
    awareness.on('change', (change: Readonly<Record<'added' | 'updated' | 'removed', number[]>>) => {
      if (!seen.haveChanged(awareness, Object.values(change).flat())) return
      this.#people = undefined
      changed()
    })
  }

  get text(): Y.Text {
    return this.doc.getText('content')
  }

  /** Validated, each once, ourselves first, then by name. */
  get people(): readonly Person[] {
    return (this.#people ??= readPeople(this.awareness))
  }

  get title(): string {
    return titleOf(this.doc).slice(0, maxTitleLength)
  }

  setTitle(title: string): void {
    const next = title.toWellFormed().slice(0, maxTitleLength)
    if (next !== this.title) this.#meta.set('title', next)
  }

  get language(): string {
    const language = this.#meta.get('language')
    return typeof language === 'string' ? language.slice(0, maxLanguageLength) : ''
  }

  setLanguage(language: string): void {
    if (language !== this.language) this.#meta.set('language', language)
  }

  /** Shows us to the others, under the field names that other Yjs editors use too, as the server will have it anyway. */
  present({ id, name, colour }: User): void {
    this.awareness.setLocalStateField('user', { id, name, color: colour, colorLight: `${colour}33` })
  }

  /** One clock higher than when we were last seen, or those who saw us leave would not see us return. */
  presentAgain(): void {
    this.awareness.setLocalState(this.awareness.getLocalState())
  }

  destroy(): void {
    this.awareness.destroy()
    this.doc.destroy()
  }

  get #meta(): Y.Map<unknown> {
    return this.doc.getMap('meta')
  }

  /** Yjs goes on under another id when somebody else has written under its own; presence goes with it. */
  #renumbered(): void {
    const { awareness } = this
    const state = awareness.getLocalState()
    removeAwarenessStates(awareness, [awareness.clientID], 'renumbered')
    awareness.clientID = this.doc.clientID
    // Twice, since a state is not shown under its first clock.
    for (let time = 0; time < 2; time++) awareness.setLocalState(state)
  }
}
