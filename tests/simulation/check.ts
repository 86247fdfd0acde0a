/** What must hold when all is well again: everyone has the same document, the disk has it too, and nothing is missing. */
import * as Y from 'yjs'
import type { StoredDocument } from '@quire/sync-server/storage'
import { hasPending, isDeletedIn } from './durable.ts'
import { isLetter, type Letters } from './letters.ts'
import type { Page } from './page.ts'
import { describeError, type World } from './world.ts'

/** A document as people see it, and as Yjs does. */
interface View {
  readonly shown: string
  readonly structs: string
  readonly deletions: string
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

/** Is `doc` the same document as `other`? A reader's own document may hold deletions of formatting that nobody else has. */
export function compare(
  world: World,
  named: readonly [name: string, doc: Y.Doc],
  other: readonly [name: string, doc: Y.Doc],
  options: { readonly isReader?: boolean } = {},
): void {
  const [[name, doc], [otherName, otherDoc]] = [named, other]
  if (hasPending(doc)) world.violated('nothing is left pending', name)
  const [view, otherView] = [viewOf(doc), viewOf(otherDoc)]
  const differing = (
    ['shown', 'structs', ...(options.isReader ? [] : (['deletions'] as const))] as const
  ).find((part) => view[part] !== otherView[part])
  if (differing)
    world.violated(
      'everyone has the same document',
      `${differing}: ${name} ${excerpt(view[differing], otherView[differing])}, ${otherName} ${excerpt(otherView[differing], view[differing])}`,
    )
}

/** Everything that was shown as saved, and everything in a page that is still open, is in `doc`. */
export function checkEdits(
  world: World,
  doc: Y.Doc,
  { pages, letters }: { pages: readonly Page[]; letters: Letters },
): void {
  const found = new Map<string, number>()
  for (const character of doc.getText('content').toString())
    if (isLetter(character)) found.set(character, (found.get(character) ?? 0) + 1)
  for (const [letter, times] of found)
    if (times > 1) world.violated('nothing is there twice', `${letter} is there ${times} times`)
  for (const page of pages) {
    const due = page.isClosed ? page.edits.slice(0, page.saved) : page.edits
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

function viewOf(doc: Y.Doc): View {
  return {
    shown: JSON.stringify([
      joined(doc.getText('content').toDelta()),
      sorted(doc.getMap('meta').toJSON()),
      doc.getArray('list').toJSON(),
      doc.getXmlFragment('xml').toString(),
    ]),
    structs: JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].toSorted(([a], [b]) => a - b)),
    deletions: JSON.stringify(
      [...Y.createDeleteSetFromStructStore(doc.store).clients]
        .toSorted(([a], [b]) => a - b)
        .map(([client, ranges]) => [client, ranges.map(({ clock, len }) => `${clock}+${len}`)]),
    ),
  }
}

interface Insert {
  readonly insert: unknown
  readonly attributes?: object
}

/** Marks that have no effect take text apart, and readers may have tidied them away: to a person that is the same text. */
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

/** Where it begins to differ from `other`. */
function excerpt(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return `…${text.slice(Math.max(0, at - 20), at + 60)}`
}
