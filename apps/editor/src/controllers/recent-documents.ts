/** The documents opened on this device, newest first. Their links are keys: for an owner this list may be the only copy. */
import { roles, type Role } from '@quire/protocol'

export interface RecentDocument {
  readonly documentId: string
  /** The path and fragment that open it: `/d/<id>#<key>`. */
  readonly path: string
  readonly role: Role
  readonly title: string
  /** When it was last opened, in milliseconds since 1970. */
  readonly openedAt: number
  /** A page of this device has left edits of it that the server has not said it has. */
  readonly isUnsaved?: boolean
}

export interface RecentDocuments {
  readonly list: readonly RecentDocument[]
  remember(document: RecentDocument): void
  forget(documentId: string): void
  /** Of one that is on the list. */
  noteUnsaved(documentId: string, isUnsaved: boolean): void
  /** Calls `listener` after the list changed, here or in another tab; returns the undo. */
  subscribe(listener: () => void): () => void
}

/**
 * Enough for anyone's memory, and far below what a browser lets a site keep (about 200 bytes each of 5 MB). One's own
 * documents are not counted: nobody else can give their links back.
 */
export const maxDocumentsOfOthers = 1000

/**
 * The list with one more document. Someone who opens their own document by a lesser link, to see what others see,
 * must not lose the better one, so the link with the greater role stays. The same link may have less by now.
 */
export function withDocument(
  list: readonly RecentDocument[],
  document: RecentDocument,
): readonly RecentDocument[] {
  const known = list.find(({ documentId }) => documentId === document.documentId)
  const isAnother = known !== undefined && known.path !== document.path
  const keepsLink = isAnother && roles.indexOf(known.role) > roles.indexOf(document.role)
  const kept: RecentDocument = {
    ...document,
    ...(keepsLink && { path: known.path, role: known.role }),
    ...(known?.isUnsaved && { isUnsaved: true }),
  }
  let ofOthers = 0
  return [kept, ...withoutDocument(list, document.documentId)]
    .toSorted((one, other) => other.openedAt - one.openedAt)
    .filter(({ role }) => role === 'own' || ++ofOthers <= maxDocumentsOfOthers)
}

export function withoutDocument(
  list: readonly RecentDocument[],
  documentId: string,
): readonly RecentDocument[] {
  return list.filter((document) => document.documentId !== documentId)
}

export function withNote(
  list: readonly RecentDocument[],
  noted: string,
  isUnsaved: boolean,
): readonly RecentDocument[] {
  return list.map((document) => {
    const { isUnsaved: _before, ...others } = document
    return document.documentId === noted ? { ...others, ...(isUnsaved && { isUnsaved }) } : document
  })
}

/** Those with `words` in their title, in small letters or capitals, with accents or without. */
export function called(
  list: readonly RecentDocument[],
  { words, untitled }: { readonly words: string; readonly untitled: string },
): readonly RecentDocument[] {
  const wanted = fold(words.trim())
  return list.filter(({ title }) => fold(title || untitled).includes(wanted))
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()
}
