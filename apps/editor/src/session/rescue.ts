/** What somebody wrote that the server does not have, to be shown and taken elsewhere; `rewrite.ts` writes it anew. */
import * as Y from 'yjs'

/** The document as it was last saved, and as it is in this page. */
export interface Rescue {
  readonly saved: Draft
  readonly own: Draft
}

export interface Draft {
  readonly title: string
  readonly text: string
}

/** OBJECT REPLACEMENT CHARACTER: the place of something that is not text, so that an index means the same as in the Y.Text. */
const objectCharacter = '\ufffc'

export function titleOf(doc: Y.Doc): string {
  const title = doc.getMap('meta').get('title')
  return typeof title === 'string' ? title : ''
}

export function draftOf(doc: Y.Doc): Draft {
  const inserts: readonly { readonly insert: unknown }[] = doc.getText('content').toDelta()
  return {
    title: titleOf(doc),
    text: inserts.map(({ insert }) => (typeof insert === 'string' ? insert : objectCharacter)).join(''),
  }
}
