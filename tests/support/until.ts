/** Waiting for something to hold, by being told of every change: never by the clock. */
import type { DocumentSession } from '@quire/editor/session'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'

/** `subscribe` calls back after each change and returns its undo. Rejects if `holds` throws. */
export function until(subscribe: (check: () => void) => () => void, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let undo: (() => void) | undefined
    let isDone = false
    const check = (): void => {
      try {
        if (isDone || !holds()) return
        resolve()
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
      isDone = true
      undo?.()
    }
    undo = subscribe(check)
    check()
    if (isDone) undo()
  })
}

export function untilDocument(doc: Y.Doc, holds: () => boolean): Promise<void> {
  return until((check) => {
    doc.on('update', check)
    return () => doc.off('update', check)
  }, holds)
}

/** Resolves once the text is exactly this. Compares lengths first, since a long text comes in many pieces. */
export function untilText(text: Y.Text, expected: string): Promise<void> {
  const { doc } = text
  if (!doc) throw new Error('the text is not in a document')
  return untilDocument(doc, () => text.length === expected.length && text.toString() === expected)
}

export function untilPresence(awareness: Awareness, holds: () => boolean): Promise<void> {
  return until((check) => {
    awareness.on('change', check)
    return () => awareness.off('change', check)
  }, holds)
}

export function untilSession(session: DocumentSession, holds: () => boolean): Promise<void> {
  return until((check) => session.subscribe(check), holds)
}
