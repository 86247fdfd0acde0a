/** What an address of this site shows, and what a document is opened with. */
import { parseAddress, parseLink } from '@quire/protocol'

export type Route =
  | { readonly type: 'home' }
  | { readonly type: 'document'; readonly pass: Pass }
  /** The address of a document without a whole key: pasted in part, or mistyped. */
  | { readonly type: 'broken-link' }
  | { readonly type: 'nowhere' }

/** What somebody opens a document with. */
export type Pass = DocumentLink | DocumentToken

/** Good for whoever has it, and to be passed on. */
export interface DocumentLink {
  readonly type: 'link'
  readonly documentId: string
  readonly key: string
  /** As it stands in the address bar. */
  readonly href: string
}

/** Good for one user of a host application, for a while. */
export interface DocumentToken {
  readonly type: 'token'
  readonly documentId: string
  readonly token: string
}

/** `tokenFor` tells the token that was handed over for a document, whose address says nothing of it any more. */
export function routeOf(href: string, tokenFor: (documentId: string) => string | undefined): Route {
  const { pathname } = new URL(href)
  if (pathname === '/') return { type: 'home' }
  const link = parseLink(href)
  if (link) return { type: 'document', pass: { type: 'link', ...link, href } }
  const address = parseAddress(href)
  const token = address?.fragment === '' ? tokenFor(address.documentId) : undefined
  if (address && token !== undefined)
    return { type: 'document', pass: { type: 'token', documentId: address.documentId, token } }
  return pathname.startsWith('/d/') ? { type: 'broken-link' } : { type: 'nowhere' }
}

/** The path and fragment that open a document on this site. */
export function pathOf({ documentId, key }: { readonly documentId: string; readonly key: string }): string {
  return `/d/${documentId}#${key}`
}

/** The same for passes that open one document for one person. A newer token is as good as the last one. */
export function entranceOf(pass: Pass): string {
  return pass.type === 'link' ? pathOf(pass) : `/d/${pass.documentId}#token of ${subjectOf(pass.token)}`
}

/**
 * Under which name this device keeps a document. Links are good for whoever uses the device; of those whom an application
 * knows, each has a copy of their own.
 */
export function copyNameOf(pass: Pass): string {
  const { documentId } = pass
  return pass.type === 'link' ? `quire/${documentId}` : `quire/${documentId}/${subjectOf(pass.token)}`
}

/** Whose token it says it is; the server finds out whether that is so. '' if it says nothing that can be read. */
function subjectOf(token: string): string {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof claims === 'object' && claims !== null && 'sub' in claims ? String(claims.sub) : ''
  } catch {
    return '' // not base64, or not JSON
  }
}
