/**
 * Letters that an input method makes while its keys are pressed: Japanese, Chinese and Korean, accents, many phones.
 * Browsers give up what is being made when the piece of the page around it is written anew, which is most of its line;
 * what had been made by then stands in the text twice. Knows nothing of who else writes.
 */
import type { ChangeDesc } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'

/** CodeMirror itself takes what the page tells this long after the end to belong to it. */
const afterwardsMs = 50

/** Longer than somebody looks through a list of letters. A browser that gave up may not have said that it did. */
const patienceMs = 30_000

export class Composition {
  readonly #view: EditorView
  readonly #ended: () => void
  #end: ReturnType<typeof setTimeout> | undefined
  #patience: ReturnType<typeof setTimeout> | undefined

  /** Calls `ended` a moment after the end, when all that was made has reached the view and nothing new was begun. */
  constructor(view: EditorView, ended: () => void) {
    this.#view = view
    this.#ended = ended
    view.contentDOM.addEventListener('compositionupdate', this.#goesOn)
    view.contentDOM.addEventListener('compositionend', this.#endsSoon)
  }

  /** Whether the browser would give up what is being made if the view took these changes now. */
  isDisturbedBy(changes: ChangeDesc): boolean {
    // A context for editing holds letters of its own, and CodeMirror keeps those apart from the page.
    if (!this.#view.compositionStarted || hasEditContext(this.#view.contentDOM)) return false
    const { doc, selection } = this.#view.state
    const { from, to } = doc.lineAt(selection.main.head)
    return changes.touchesRange(from, to) !== false
  }

  /** Has `ended` called even if the end is never told: when nothing more has been made for 30 s. */
  awaitEnd(): void {
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => {
      this.#patience = undefined
      this.#ended()
    }, patienceMs)
  }

  destroy(): void {
    clearTimeout(this.#end)
    clearTimeout(this.#patience)
    this.#view.contentDOM.removeEventListener('compositionupdate', this.#goesOn)
    this.#view.contentDOM.removeEventListener('compositionend', this.#endsSoon)
  }

  readonly #goesOn = (): void => {
    if (this.#patience !== undefined) this.awaitEnd()
  }

  readonly #endsSoon = (): void => {
    clearTimeout(this.#end)
    this.#end = setTimeout(() => {
      if (!this.#view.compositionStarted) this.#ended()
    }, afterwardsMs)
  }
}

function hasEditContext(element: object): boolean {
  return 'editContext' in element && element.editContext !== null
}
