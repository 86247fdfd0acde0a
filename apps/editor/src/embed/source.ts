/** What an element in somebody else's page is to show, from what its attributes say. */
import { isLinkKey, pagePath, parseAddress, parseLink, parseTokenLink } from '@quire/protocol'
import type { Pass } from '../controllers/route.ts'

export type Source =
  /** A text of this element alone, which no server knows. */
  | { readonly type: 'own' }
  /** `server`: its URL, without a slash at the end. */
  | { readonly type: 'document'; readonly server: string; readonly pass: Pass }
  /** A document whose token the page is yet to give. */
  | { readonly type: 'awaited'; readonly server: string; readonly documentId: string }
  /** There is a link, a document or a token, but not enough to open anything. */
  | { readonly type: 'incomplete' }

export interface Said {
  /** A whole link, with its key or its token. */
  readonly link: string
  readonly server: string
  /** The id of a document. */
  readonly doc: string
  /** A link's key, or an access token. */
  readonly token: string
  /** Undefined: nobody gives a token where there is none. */
  readonly getToken?: (() => unknown) | undefined
}

/** A token that is said beside a link is newer than the one within. */
export function sourceOf({ link, server, doc, token, getToken }: Said): Source {
  if (!link && !doc) return { type: 'own' }
  const within = link ? withinLink(link) : undefined
  if (link && !within) return { type: 'incomplete' }
  const documentId = within?.documentId ?? doc
  const origin = within?.server ?? originOf(server)
  const key = token || within?.key
  if (origin === undefined || !documentId?.isWellFormed()) return { type: 'incomplete' }
  if (!key) return getToken ? { type: 'awaited', server: origin, documentId } : { type: 'incomplete' }
  const href = `${origin}${pagePath(documentId)}#${key}`
  return {
    type: 'document',
    server: origin,
    pass: isLinkKey(key)
      ? { type: 'link', documentId, key, href }
      : { type: 'token', documentId, token: key },
  }
}

function withinLink(
  link: string,
): { readonly server: string; readonly documentId: string; readonly key: string | undefined } | undefined {
  const address = parseAddress(link)
  const server = originOf(link)
  if (!address || server === undefined) return undefined
  const key = parseLink(link)?.key ?? parseTokenLink(link)?.token
  return { server, documentId: address.documentId, key }
}

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, origin } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined
}
