/** For tests: someone at a desk, with a document, an editor and presence of their own, and wires between desks. */
import type { Extension } from '@codemirror/state'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { vi } from 'vitest'
import * as Y from 'yjs'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { readText } from '../shared-text.ts'

export interface Desk {
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly awareness: Awareness
  readonly view: EditorView
  /** What the editor shows, and what the text says. */
  readonly shown: () => string
  readonly said: () => string
  readonly type: (at: number, inserted: string, deleted?: number) => void
}

type Furnish = (desk: Pick<Desk, 'doc' | 'text' | 'awareness'>) => Extension

/** The few that change where things stand. */
const tokens =
  'height: 400px; width: 700px; --space-4: 16px; --space-5: 24px; --space-6: 40px; --measure: 68ch; --step-1: 17px; --step-2: 22px; --step-3: 32px; --typed: 0px; --prose: sans-serif; --mono: monospace'

const open = new Set<Desk>()

export function desk(furnish: Furnish, options: { initial?: string; clientId?: number } = {}): Desk {
  const doc = new Y.Doc()
  if (options.clientId !== undefined) doc.clientID = options.clientId
  const text = doc.getText('content')
  if (options.initial) text.insert(0, options.initial)
  const awareness = new Awareness(doc)
  const parent = document.createElement('div')
  parent.style.cssText = tokens
  document.body.append(parent)
  const view = new EditorView({
    parent,
    state: EditorState.create({ doc: readText(text), extensions: furnish({ doc, text, awareness }) }),
  })
  const made: Desk = {
    doc,
    text,
    awareness,
    view,
    shown: () => view.state.doc.toString(),
    said: () => readText(text),
    type: (at, inserted, deleted = 0) =>
      view.dispatch({
        changes: { from: at, to: at + deleted, insert: inserted },
        selection: { anchor: at + inserted.length },
        userEvent: 'input.type',
      }),
  }
  open.add(made)
  return made
}

/** One way, everything that `to` does not have. */
export function send(from: Desk, to: Desk): void {
  Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), 'network')
}

/** Until nobody lacks anything. */
export function settle(...desks: readonly Desk[]): void {
  for (const from of desks) for (const to of desks) if (from !== to) send(from, to)
  for (const from of desks) for (const to of desks) if (from !== to) send(from, to)
}

/** From now on each hears at once what the other does, in text and presence. */
export function wire(one: Desk, other: Desk): void {
  settle(one, other)
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'network') Y.applyUpdate(to.doc, update, 'network')
    })
    from.awareness.on('update', (changed: Record<string, number[]>, origin: unknown) => {
      const ids = Object.values(changed).flat()
      if (origin !== 'network')
        applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(from.awareness, ids), 'network')
    })
  }
}

/** Presence of someone who is not at a desk, as it comes from the network. */
export function announce(at: Desk, clientId: number, state: unknown): void {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const awareness = new Awareness(doc)
  const clock = (at.awareness.meta.get(clientId)?.clock ?? 0) + 1
  // A stranger sends what they like; the type of `states` is a promise that nobody keeps for us.
  awareness.states.set(clientId, state as Record<string, unknown>)
  awareness.meta.set(clientId, { clock, lastUpdated: 0 })
  const update = encodeAwarenessUpdate(awareness, [clientId])
  awareness.destroy()
  applyAwarenessUpdate(at.awareness, update, 'network')
}

/** The microtasks that a turn leaves behind have run. */
export async function turn(): Promise<void> {
  await Promise.resolve()
  await Promise.resolve()
}

/** What was to be measured has been measured and drawn. */
export async function frame(): Promise<void> {
  await turn()
  await new Promise((resolve) => requestAnimationFrame(resolve))
  await new Promise((resolve) => requestAnimationFrame(resolve))
}

/** What must be fetched first takes as long as the machine takes. */
export function soon<Result>(expectation: () => Result): Promise<Result> {
  return vi.waitFor(expectation, { timeout: 30_000 })
}

export function clearDesks(): void {
  for (const { view, awareness, doc } of open) {
    view.dom.parentElement?.remove()
    view.destroy()
    awareness.destroy()
    doc.destroy()
  }
  open.clear()
}
