/** What an address of this site shows. */
import { parseLink } from '@quire/protocol'

export type Route =
  | { readonly type: 'home' }
  | { readonly type: 'document'; readonly link: DocumentLink }
  /** The address of a document without a whole key: pasted in part, or mistyped. */
  | { readonly type: 'broken-link' }
  | { readonly type: 'nowhere' }

/** A link by which a document is opened. */
export interface DocumentLink {
  readonly documentId: string
  readonly key: string
  /** As it stands in the address bar. */
  readonly href: string
}

export function routeOf(href: string): Route {
  const { pathname } = new URL(href)
  if (pathname === '/') return { type: 'home' }
  const link = parseLink(href)
  if (link) return { type: 'document', link: { ...link, href } }
  return pathname.startsWith('/d/') ? { type: 'broken-link' } : { type: 'nowhere' }
}

/** The path and fragment that open a document on this site. */
export function pathOf({ documentId, key }: { readonly documentId: string; readonly key: string }): string {
  return `/d/${documentId}#${key}`
}
