/**
 * Goes to where someone else's caret stands, and stays with it while they move, until we do something in the text
 * ourselves. Knows where carets stand (`presence.ts`), not whose they are.
 */
import type { Extension, Transaction } from '@codemirror/state'
import { StateEffect } from '@codemirror/state'
import type { PluginValue, ViewUpdate } from '@codemirror/view'
import { EditorView, ViewPlugin } from '@codemirror/view'
import { latestCaret, nameCaret } from './presence.ts'
import { isFromText } from './sync.ts'

/** A followed caret may move about in the middle of the page; this much of it at the top and the bottom moves the page. */
const margin = 0.3

/** `onEnd`: we did something in the text, and now follow nobody. Place it after `yPresence`. */
export function following(onEnd: () => void): Extension {
  return plugin.of(onEnd)
}

/** From now on the view goes where the caret of these clients goes that moved last; with none it stays where we are. */
export function follow(view: EditorView, clientIds: readonly number[]): void {
  view.dispatch({ effects: followed.of(clientIds) })
  showName(view, clientIds)
}

/** Shows that caret in the middle of the page, and its name; tells whether there is one. Our own selection stays. */
export function jumpTo(view: EditorView, clientIds: readonly number[]): boolean {
  const caret = latestCaret(view, clientIds)
  if (!caret) return false
  view.dispatch({ effects: EditorView.scrollIntoView(caret.head, { y: 'center' }) })
  showName(view, clientIds)
  return true
}

function showName(view: EditorView, clientIds: readonly number[]): void {
  const caret = latestCaret(view, clientIds)
  if (caret) nameCaret(view, caret)
}

const followed = StateEffect.define<readonly number[]>()

/** By which the page is scrolled without the selection, where it has the focus. */
const scrollingKeys = new Set(['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown', ' '])

class Following implements PluginValue {
  readonly #view: EditorView
  readonly #onEnd: () => void
  #clientIds: readonly number[] = []
  /** Where we have followed them to. */
  #head: number | undefined
  #scrolling = false
  #closed = false

  constructor(view: EditorView, onEnd: () => void) {
    this.#view = view
    this.#onEnd = onEnd
    // On the scroller, so that its margins and its scroll bar count as well.
    const { scrollDOM } = view
    for (const type of ['wheel', 'touchmove', 'pointerdown'] as const)
      scrollDOM.addEventListener(type, this.#end, { passive: true })
    scrollDOM.addEventListener('keydown', this.#pressed)
  }

  update(update: ViewUpdate): void {
    for (const { effects } of update.transactions)
      for (const effect of effects) if (effect.is(followed)) this.#begin(effect.value)
    if (this.#clientIds.length === 0) return
    if (update.transactions.some(isOurs)) return this.#end()
    const caret = latestCaret(update.view, this.#clientIds)
    if (caret && caret.head !== this.#head) this.#scrollSoon()
  }

  destroy(): void {
    this.#closed = true
    const { scrollDOM } = this.#view
    for (const type of ['wheel', 'touchmove', 'pointerdown'] as const)
      scrollDOM.removeEventListener(type, this.#end)
    scrollDOM.removeEventListener('keydown', this.#pressed)
  }

  #begin(clientIds: readonly number[]): void {
    this.#clientIds = clientIds
    this.#head = undefined
  }

  readonly #end = (): void => {
    if (this.#clientIds.length === 0) return
    this.#begin([])
    this.#onEnd()
  }

  readonly #pressed = ({ key }: KeyboardEvent): void => {
    if (scrollingKeys.has(key)) this.#end()
  }

  /** Later in this turn, since a view cannot be scrolled while it updates. */
  #scrollSoon(): void {
    if (this.#scrolling) return
    this.#scrolling = true
    queueMicrotask(() => {
      this.#scrolling = false
      if (!this.#closed) this.#scroll()
    })
  }

  #scroll(): void {
    const caret = latestCaret(this.#view, this.#clientIds)
    if (!caret) return
    this.#head = caret.head
    const yMargin = this.#view.scrollDOM.clientHeight * margin
    this.#view.dispatch({ effects: EditorView.scrollIntoView(caret.head, { y: 'nearest', yMargin }) })
  }
}

const plugin = ViewPlugin.fromClass<Following, () => void>(Following)

/** We typed, or put our caret somewhere. */
function isOurs(transaction: Transaction): boolean {
  return !isFromText(transaction) && (transaction.docChanged || transaction.selection !== undefined)
}
