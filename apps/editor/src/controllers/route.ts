/** What an address of this site shows, and what a document is opened with. */
import { pagePath, parseAddress, parseLink } from '@quire/protocol'
import { claimsOf } from './token-claims.ts'

export type Route =
  | { readonly type: 'home' }
  | { readonly type: 'document'; readonly pass: Pass }
  /** Its text and nothing else. */
  | { readonly type: 'text'; readonly pass: Pass }
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
  /** The whole URL, to be handed on. */
  readonly href: string
  /** The line it leads to, as the editor tells places. */
  readonly place?: string
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
  const type = textPath.test(pathname) ? 'text' : 'document'
  const pass = passOf(type === 'text' ? withoutTextPath(href) : href, tokenFor)
  if (pass) return { type, pass }
  return pathname.startsWith('/d/') ? { type: 'broken-link' } : { type: 'nowhere' }
}

const textPath = /^\/d\/[^/]+\/text\/?$/

function withoutTextPath(href: string): string {
  const url = new URL(href)
  url.pathname = url.pathname.replace(/\/text\/?$/, '')
  return url.href
}

const placePrefix = '&at='

/** Undefined if it is no whole link. */
export function linkOf(href: string): DocumentLink | undefined {
  const link = parseLink(href)
  return link && { type: 'link', ...link, href }
}

function passOf(href: string, tokenFor: (documentId: string) => string | undefined): Pass | undefined {
  const at = href.indexOf(placePrefix, href.indexOf('#') + 1)
  const hasPlace = href.includes('#') && at !== -1
  const whole = hasPlace ? href.slice(0, at) : href
  const link = linkOf(whole)
  if (link) return { ...link, ...(hasPlace && { place: href.slice(at + placePrefix.length) }) }
  const address = parseAddress(href)
  const token = address?.fragment === '' ? tokenFor(address.documentId) : undefined
  return address && token !== undefined ? { type: 'token', documentId: address.documentId, token } : undefined
}

/** The path and fragment that open a document on this site. */
export function pathOf({ documentId, key }: { readonly documentId: string; readonly key: string }): string {
  return `${pagePath(documentId)}#${key}`
}

/** A link that leads to a line as well. */
export function linkTo(link: string, place: string): string {
  return `${link}${placePrefix}${place}`
}

/** What opens the document with this pass here: of a token, the address says nothing. */
export function documentPathOf(pass: Pass): string {
  return pass.type === 'link' ? pathOf(pass) : pagePath(pass.documentId)
}

/** Where the text of a document is shown alone. */
export function textPathOf(pass: Pass): string {
  const path = `${pagePath(pass.documentId)}/text`
  return pass.type === 'link' ? `${path}#${pass.key}` : path
}

/** The same for passes that open one document for one person. A newer token is as good as the last one. */
export function entranceOf(pass: Pass): string {
  return pass.type === 'link'
    ? pathOf(pass)
    : `${pagePath(pass.documentId)}#token of ${claimsOf(pass.token).subject}`
}

/**
 * Under which name this device keeps a document. Links are good for whoever uses the device; of those whom an application
 * knows, each has a copy of their own.
 */
export function copyNameOf(pass: Pass): string {
  // Encoded, or the name of another document could end as that of a person does.
  const ofDocument = `quire/${encodeURIComponent(pass.documentId)}`
  return pass.type === 'link' ? ofDocument : `${ofDocument}/${claimsOf(pass.token).subject}`
}
