/** What must hold when all is well again: everyone has the same document, the disk has it too, and nothing is missing. */
import * as Y from 'yjs'
import type { StoredDocument } from '@quire/sync-server/storage'
import { hasPending, isDeletedIn } from './durable.ts'
import { attackPrefix } from './fleet.ts'
import { lettersIn, type Letters } from './letters.ts'
import type { Page } from './page.ts'
import { describeError, type World } from './world.ts'

/** What a document is made of, and what people see of it, at the moment of looking. */
export interface View {
  /** For reports. */
  readonly name: string
  readonly doc: Y.Doc
  readonly structs: string
  readonly deletions: string
  readonly shown: string
}

export function buildStored(world: World, { base, tail }: StoredDocument): Y.Doc {
  const doc = new Y.Doc({ guid: 'stored' })
  try {
    doc.transact(() => {
      for (const { update } of [...(base ? [base] : []), ...tail]) Y.applyUpdate(doc, update)
    })
  } catch (error) {
    world.violated('what is stored can be applied', describeError(error))
  }
  if (hasPending(doc)) world.violated('what is stored is whole', '')
  return doc
}

/**
 * Is one the same document as the other? A reader's document may lack formatting marks that Yjs took for useless when it
 * saw them: it deletes them by itself, and what readers delete is nobody else's affair.
 *
 * Out of the same structs and deletions Yjs is to make the same document, in whatever order they come. It does not for
 * neighbours that no honest client gives. Where an attacker has written that is counted, not held against anyone.
 */
export function compare(
  world: World,
  view: View,
  other: View,
  { isReader = false }: { readonly isReader?: boolean } = {},
): void {
  if (hasPending(view.doc)) world.violated('nothing is left pending', view.name)
  const expected = isReader && differingPart(view, other) ? tidiedAs(world, view, other) : other
  const differing = differingPart(view, expected)
  if (!differing) return
  const isAttacked = [...world.counts.keys()].some((what) => what.startsWith(attackPrefix))
  if (differing === 'shown' && isAttacked) return world.count('documents that Yjs makes two of')
  world.violated('everyone has the same document', `${differing}: ${bothExcerpts(view, expected, differing)}`)
}

/** Whoever takes in the whole document at once sees all of it: no mark is taken for useless whose text comes later. */
export function compareShown(world: World, view: View, other: View): void {
  if (view.shown !== other.shown)
    world.violated('who joins sees everything', bothExcerpts(view, other, 'shown'))
}

const parts = ['structs', 'deletions', 'shown'] as const
type Part = (typeof parts)[number]

function differingPart(view: View, other: View): Part | undefined {
  return parts.find((part) => view[part] !== other[part])
}

/** A copy without the marks that the reader's document does without. */
function tidiedAs(world: World, reader: View, { name, doc }: View): View {
  const copy = new Y.Doc({ guid: 'tidied' })
  Y.transact(copy, (transaction) => {
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
    Y.iterateDeletedStructs(transaction, Y.createDeleteSetFromStructStore(reader.doc.store), (struct) => {
      if (!(struct instanceof Y.Item) || struct.deleted) return
      if (!(struct.content instanceof Y.ContentFormat))
        world.violated('readers do without nothing but marks', `${reader.name}: ${describeId(struct.id)}`)
      struct.delete(transaction)
    })
  })
  return viewOf(name, copy)
}

/** Everything that was shown as saved, and everything in a page that is still open, is in `doc`. */
export function checkEdits(
  world: World,
  doc: Y.Doc,
  { pages, letters }: { pages: readonly Page[]; letters: Letters },
): void {
  const found = new Map<string, number>()
  for (const letter of lettersIn(doc.getText('content').toString()))
    found.set(letter, (found.get(letter) ?? 0) + 1)
  for (const [letter, times] of found)
    if (times > 1) world.violated('nothing is there twice', `${letter} is there ${times} times`)
  for (const page of pages) {
    const due = page.isClosed ? page.saved : page.edits
    for (const { from, to, deletes } of due) {
      if (Y.getState(doc.store, page.clientId) < to)
        world.violated('no edit is lost', `${page.name}: ${page.clientId}:${from}–${to}`)
      for (const letter of letters.expected(page.clientId, from, to))
        if (!found.has(letter))
          world.violated('no text is lost', `${page.name}: ${letter} of ${page.clientId}:${from}–${to}`)
      // What a reader's document tidies away is its own affair.
      for (const range of page.isWriter ? deletes : [])
        if (!isDeletedIn(doc, range))
          world.violated(
            'no deletion is lost',
            `${page.name}: ${range.client}:${range.clock}+${range.length}`,
          )
    }
  }
}

export function viewOf(name: string, doc: Y.Doc): View {
  return {
    name,
    doc,
    structs: runsOf(doc).join(' '),
    deletions: JSON.stringify(
      [...Y.createDeleteSetFromStructStore(doc.store).clients]
        .toSorted(([a], [b]) => a - b)
        .map(([client, ranges]) => [client, ranges.map(({ clock, len }) => `${clock}+${len}`)]),
    ),
    shown: JSON.stringify([
      joined(doc.getText('content').toDelta()),
      sorted(doc.getMap('meta').toJSON()),
      doc.getArray('list').toJSON(),
      doc.getXmlFragment('xml').toString(),
    ]),
  }
}

/** Everything that was inserted, with the neighbours it was given, in the longest runs: Yjs cuts and merges them as it likes. */
function runsOf(doc: Y.Doc): string[] {
  const runs: string[] = []
  let [end, right] = ['', '']
  const byClient = [...doc.store.clients].toSorted(([a], [b]) => a - b)
  for (const struct of byClient.flatMap(([, structs]) => structs)) {
    const { client, clock } = struct.id
    const isItem = struct instanceof Y.Item
    const before = describeId({ client, clock: clock - 1 })
    const left = isItem ? describeId(struct.origin) : before
    const nextRight = isItem ? describeId(struct.rightOrigin) : 'garbage'
    if (end !== before || left !== before || right !== nextRight)
      runs.push(end, `${describeId(struct.id)}(${left},${nextRight})`)
    end = describeId({ client, clock: clock + struct.length - 1 })
    right = nextRight
  }
  return [...runs, end]
}

function describeId(id: { readonly client: number; readonly clock: number } | null): string {
  return id ? `${id.client}:${id.clock}` : ''
}

interface Insert {
  readonly insert: unknown
  readonly attributes?: object
}

/** Marks that have no effect take text apart, to a person it is the same text. */
function joined(delta: readonly Insert[]): Insert[] {
  const inserts: Insert[] = []
  for (const { insert, attributes } of delta) {
    const last = inserts.at(-1)
    const isSame = JSON.stringify(last?.attributes) === JSON.stringify(attributes)
    if (typeof insert === 'string' && typeof last?.insert === 'string' && isSame)
      inserts[inserts.length - 1] = { ...last, insert: last.insert + insert }
    else inserts.push({ insert, ...(attributes ? { attributes } : {}) })
  }
  return inserts
}

function sorted(entries: Record<string, unknown>): unknown {
  return Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function bothExcerpts(view: View, other: View, part: Part): string {
  const [text, otherText] = [view[part], other[part]]
  return `${view.name} ${excerpt(text, otherText)}, ${other.name} ${excerpt(otherText, text)}`
}

/** Where it begins to differ from `other`. */
function excerpt(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return `…${text.slice(Math.max(0, at - 20), at + 60)}`
}
