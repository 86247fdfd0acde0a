/**
 * Undo and redo of this person's own edits: the view is the origin of what is undone (see `sync.ts`), so nobody
 * else's text is ever taken back. Replaces CodeMirror's `history()`, which cannot tell whose an edit was.
 */
import type { Extension } from '@codemirror/state'
import { EditorSelection, Facet, Prec, Transaction } from '@codemirror/state'
import type { Command, PluginValue, ViewUpdate } from '@codemirror/view'
import { EditorView, keymap, ViewPlugin } from '@codemirror/view'
import * as Y from 'yjs'
import type { Cursor } from './cursor.ts'
import { cursorAt, resolveCursor } from './cursor.ts'
import { isFromText } from './sync.ts'

/** A longer pause between two edits makes them two steps. */
const pauseMs = 500

/** Works beside `ySync(text)`, in either order. */
export function yUndo(text: Y.Text): Extension {
  return [
    // Before the binding, so that it sees the text as it was when an edit is about to be written.
    Prec.high(undoHistory.of(text)),
    keymap.of([
      { key: 'Mod-z', run: undo, preventDefault: true },
      { key: 'Mod-Shift-z', run: redo, preventDefault: true },
      { key: 'Mod-y', run: redo, preventDefault: true },
    ]),
    EditorView.domEventHandlers({
      // The browser's own menu, a shaken phone, a keyboard's gesture.
      beforeinput(event, view) {
        if (event.inputType === 'historyUndo') return undo(view)
        if (event.inputType === 'historyRedo') return redo(view)
        return false
      },
    }),
  ]
}

/** Takes back this view's last edits and returns the selection to where it was; does nothing for a reader. */
export const undo: Command = (view) => step(view, 'undo')

/** Does again what `undo` took back. */
export const redo: Command = (view) => step(view, 'redo')

/** For keys that have commands: steps then end where they are told to, however often the selection moves in between. */
export const undoStepsAreTold = Facet.define<true, boolean>({ combine: (values) => values.length > 0 })

/** What is edited from here on is a step of its own. */
export function endUndoStep(view: EditorView): void {
  view.plugin(undoHistory)?.endStep()
}

function step(view: EditorView, direction: 'undo' | 'redo'): boolean {
  const history = view.plugin(undoHistory)
  if (!history) return false
  if (!view.state.readOnly) history.step(direction)
  return true
}

type StackEvent = {
  readonly stackItem: { readonly meta: Map<unknown, unknown> }
  readonly type: 'undo' | 'redo'
}

class UndoHistory implements PluginValue {
  readonly #view: EditorView
  readonly #text: Y.Text
  readonly #manager: Y.UndoManager
  /** The selection before the edit, or the undoing, that is under way. */
  #selectionBefore: Cursor | undefined
  #startsAnew = false
  #lastEditAt = 0

  constructor(view: EditorView, text: Y.Text) {
    this.#view = view
    this.#text = text
    this.#manager = new Y.UndoManager(text, {
      trackedOrigins: new Set([view]),
      // Steps end where we say so (`stopCapturing`), by the time that transactions carry.
      captureTimeout: Infinity,
    })
    this.#manager.on('stack-item-added', this.#added)
    this.#manager.on('stack-item-popped', this.#popped)
  }

  update(update: ViewUpdate): void {
    const isTold = update.state.facet(undoStepsAreTold)
    for (const transaction of update.transactions) {
      if (isFromText(transaction)) continue
      if (!transaction.docChanged) {
        // A composition moves the selection about while it makes one word.
        this.#startsAnew ||= transaction.selection !== undefined && !this.#view.composing && !isTold
        continue
      }
      const standsAlone = transaction.isUserEvent('input.paste') || transaction.isUserEvent('input.drop')
      const now = transaction.annotation(Transaction.time) ?? Date.now()
      // A clock may be set back, which is as good as a pause.
      const isPaused = Math.abs(now - this.#lastEditAt) > pauseMs && !isTold && !goesOnComposing(transaction)
      if (this.#startsAnew || standsAlone || isPaused) this.#manager.stopCapturing()
      this.#lastEditAt = now
      this.#rememberSelection(update.startState.selection.main)
      this.#startsAnew = standsAlone || (!isTold && endsLine(transaction))
    }
  }

  step(direction: 'undo' | 'redo'): void {
    this.#rememberSelection(this.#view.state.selection.main)
    this.#manager[direction]()
    this.#startsAnew = true
  }

  endStep(): void {
    this.#startsAnew = true
  }

  destroy(): void {
    this.#manager.destroy()
  }

  #rememberSelection(range: { readonly anchor: number; readonly head: number }): void {
    this.#selectionBefore = cursorAt(this.#text, range)
  }

  readonly #added = ({ stackItem }: StackEvent): void => {
    stackItem.meta.set(this, this.#selectionBefore)
  }

  readonly #popped = ({ stackItem, type }: StackEvent): void => {
    // Only `#added` writes under this key.
    const before = stackItem.meta.get(this) as Cursor | undefined
    const place = before && resolveCursor(before, this.#text)
    if (!place) return
    const length = this.#view.state.doc.length
    this.#view.dispatch({
      selection: EditorSelection.single(Math.min(place.anchor, length), Math.min(place.head, length)),
      scrollIntoView: true,
      userEvent: type,
    })
  }
}

/** However long somebody looks for the right letters: what an input method showed on the way was never written. */
function goesOnComposing(transaction: Transaction): boolean {
  return transaction.isUserEvent('input.type.compose') && !transaction.isUserEvent('input.type.compose.start')
}

function endsLine(transaction: Transaction): boolean {
  let ends = false
  transaction.changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
    ends ||= inserted.lines > 1
  })
  return ends
}

const undoHistory = ViewPlugin.fromClass<UndoHistory, Y.Text>(UndoHistory)
