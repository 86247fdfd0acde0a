/**
 * Ties an editor to a Y.Text in both directions, so that an index means the same in both: with `\r` in the text, with
 * things in it that are not text, and when edits of both sides meet in one view update.
 * Does not know who else is here, nor how the Y.Doc reaches anyone.
 */
import type { Extension } from '@codemirror/state'
import { Annotation, ChangeSet, EditorState, Prec, Text, Transaction } from '@codemirror/state'
import type { EditorView, PluginValue, ViewUpdate } from '@codemirror/view'
import { ViewPlugin } from '@codemirror/view'
import * as Y from 'yjs'
import { applyAtOnce } from './apply-at-once.ts'
import { Composition } from './composition.ts'
import { difference, readText, receivedChanges } from './shared-text.ts'
import { mendPairs } from './well-formed.ts'
import { writeChanges } from './write-changes.ts'

/**
 * Binds the view to `text`. Local edits reach `text` in one Yjs transaction per view update, with the view as its
 * origin. The view shows `text` from its first microtask on, whatever document its state began with;
 * begin with `readText(text)` to show it at once.
 */
export function ySync(text: Y.Text): Extension {
  return [
    // A `\r` is a character like any other: were it part of a line break, Yjs would count two and CodeMirror one.
    Prec.highest(EditorState.lineSeparator.of('\n')),
    EditorState.transactionFilter.of((transaction) => {
      if (!transaction.docChanged || isFromText(transaction)) return transaction
      const changes = mendPairs(transaction)
      return changes.length === 0 ? applyAtOnce(transaction) : [transaction, { changes, sequential: true }]
    }),
    binding.of(text),
  ]
}

/** Whether a transaction repeats in the view what has already happened in the Y.Text. */
export function isFromText(transaction: Transaction): boolean {
  return transaction.annotation(fromText) === true
}

/** Whether edits of others wait for the end of a composition, so that an index means another place in text and view. */
export function isHoldingBack(view: EditorView): boolean {
  return view.plugin(binding)?.isHoldingBack ?? false
}

const fromText = Annotation.define<boolean>()

class Binding implements PluginValue {
  readonly #view: EditorView
  readonly #text: Y.Text
  readonly #composition: Composition
  /** What others changed in the text and the view does not show, for the sake of a composition. */
  #held: ChangeSet | undefined
  /** The text has changes that the view does not have; set only until the microtask that brings them. */
  #behind = false
  #writing = false
  #closed = false

  constructor(view: EditorView, text: Y.Text) {
    this.#view = view
    this.#text = text
    this.#composition = new Composition(view, () => {
      if (this.#held) this.#show(this.#held)
    })
    text.observe(this.#received)
    if (view.state.doc.toString() !== readText(text)) this.#fallBehind()
  }

  get isHoldingBack(): boolean {
    return this.#held !== undefined
  }

  update(update: ViewUpdate): void {
    if (!update.docChanged) return
    const local = localChanges(update.transactions, update.startState.doc.length)
    if (local.empty) return
    const shown = update.startState.doc
    const mixed = update.transactions.some((transaction) => transaction.docChanged && isFromText(transaction))
    const held = this.#held
    if (held) {
      // What is being composed stays together, should another have written where it ends.
      this.#write(local.map(held, true), held.apply(shown))
      this.#held = held.map(local)
    } else if (this.#behind) {
      const present = readText(this.#text)
      const missed = difference(shown, present)
      this.#write(missed ? local.map(ChangeSet.of(missed, shown.length, '\n')) : local, toDocument(present))
    } else {
      this.#write(local, mixed ? toDocument(readText(this.#text)) : shown)
    }
    // Edits of both sides at one place can be read in two orders; the text decides.
    const length = this.#held?.newLength ?? update.state.doc.length
    if (this.#text.length !== length || (mixed && this.#differs())) this.#fallBehind()
  }

  destroy(): void {
    this.#closed = true
    this.#composition.destroy()
    this.#text.unobserve(this.#received)
  }

  readonly #received = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    if (transaction.origin === this.#view || this.#behind) return
    // Someone answers our edit from within it, and a view cannot be changed while it updates.
    if (this.#writing) return this.#fallBehind()
    const { doc } = this.#view.state
    const before = this.#held?.apply(doc) ?? doc
    const changes = ChangeSet.of(receivedChanges(event, before), before.length, '\n')
    const missed = this.#held?.compose(changes) ?? changes
    // What is done on this page, such as undoing, is to be seen at once.
    const waits = !transaction.local && (this.#held || this.#composition.isDisturbedBy(changes))
    if (!waits) return this.#show(missed)
    if (!this.#held) this.#composition.awaitEnd()
    this.#held = missed
  }

  /** `before` is what the text says now. */
  #write(changes: ChangeSet, before: Text): void {
    const { doc } = this.#text
    if (!doc) throw new Error('the text has no document')
    this.#writing = true
    try {
      doc.transact(() => writeChanges(this.#text, changes, before), this.#view)
    } finally {
      this.#writing = false
    }
  }

  #fallBehind(): void {
    if (this.#behind) return
    this.#behind = true
    this.#held = undefined
    queueMicrotask(() => this.#catchUp())
  }

  #catchUp(): void {
    this.#behind = false
    if (this.#closed) return
    const { doc } = this.#view.state
    const change = difference(doc, readText(this.#text))
    this.#show(ChangeSet.of(change ? [change] : [], doc.length, '\n'))
  }

  #show(changes: ChangeSet): void {
    this.#held = undefined
    if (changes.empty) return
    const transaction = this.#view.state.update({
      changes,
      annotations: [fromText.of(true), Transaction.remote.of(true), Transaction.addToHistory.of(false)],
      // A filter that held back what has already happened would tear text and view apart.
      filter: false,
    })
    this.#view.dispatch(applyAtOnce(transaction))
  }

  #differs(): boolean {
    return this.#view.state.doc.toString() !== readText(this.#text)
  }
}

const binding = ViewPlugin.fromClass<Binding, Y.Text>(Binding)

/** What the local transactions do to the document that has all the remote ones already, and nothing else. */
function localChanges(transactions: readonly Transaction[], length: number): ChangeSet {
  let local = ChangeSet.empty(length)
  for (const transaction of transactions) {
    if (isFromText(transaction)) local = local.map(transaction.changes.map(local.invertedDesc))
    else local = local.compose(transaction.changes)
  }
  return local
}

function toDocument(text: string): Text {
  return Text.of(text.split('\n'))
}
