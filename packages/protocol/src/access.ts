/**
 * Who may do what: roles, and the grammar of links. A link's key is a capability: it sits in the URL's
 * fragment, so that it reaches no request line, log or Referer; the server keeps only its SHA-256.
 */

import { parseDocumentName, type DocumentName } from './document-names.ts'
import { ProtocolError } from './errors.ts'
import { limits } from './limits.ts'

/** What a link or a token allows, from least to most. A union made to grow. */
export const roles = ['view', 'edit', 'own'] as const
export type Role = (typeof roles)[number]

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

/** May this role change the document? The single rule, asked at the single place where bytes are admitted. */
export function mayWrite(role: Role): boolean {
  return role !== 'view'
}

/** 128 random bits as unpadded base64url: 22 characters, the last of which carries 2 bits. */
const keyGrammar = /^[A-Za-z0-9_-]{21}[AQgw]$/

export function isLinkKey(value: string): boolean {
  return keyGrammar.test(value)
}

/** A signed JWT: three parts of unpadded base64url. */
const tokenGrammar = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** Whether it looks like an access token; only who knows the keys can tell whether it is one. */
export function isAccessToken(value: string): boolean {
  return value.length <= limits.maxTokenBytes && tokenGrammar.test(value)
}

/** `<public url>/d/<document id>#<key>`, with the id percent-encoded. */
export function formatLink(link: { publicUrl: string; documentId: string; key: string }): string {
  return `${link.publicUrl.replace(/\/+$/, '')}${pagePath(link.documentId)}#${link.key}`
}

/** The document id and key of a link, or undefined if it is not one of ours. */
export function parseLink(link: string): { documentId: string; key: string } | undefined {
  const { documentId, fragment } = parseAddress(link) ?? {}
  return documentId && fragment && isLinkKey(fragment) ? { documentId, key: fragment } : undefined
}

const tokenPrefix = 'token='

/**
 * `<public url>/d/<document id>#token=<access token>`: how a host application lets one of its users in. The token is
 * undefined if what stands there is none; the whole is, if nothing stands there or it is not an address of ours.
 */
export function parseTokenLink(
  link: string,
): { readonly documentId: string; readonly token: string | undefined } | undefined {
  const { documentId, fragment } = parseAddress(link) ?? {}
  if (!documentId || !fragment?.startsWith(tokenPrefix)) return undefined
  const token = fragment.slice(tokenPrefix.length)
  return { documentId, token: isAccessToken(token) ? token : undefined }
}

/** The path of a document's page on its site: the name in one segment, whatever it holds. */
export function pagePath(documentId: string): string {
  return `/d/${encodeURIComponent(documentId)}`
}

/** An address of a document, and what its fragment holds; undefined if it is not one of ours. */
export function parseAddress(
  address: string,
): { readonly documentId: DocumentName; readonly fragment: string } | undefined {
  if (!URL.canParse(address)) return undefined
  const { pathname, hash } = new URL(address)
  const encoded = /\/d\/([^/]+)\/?$/.exec(pathname)?.[1]
  const documentId = encoded && nameIn(encoded)
  return documentId ? { documentId, fragment: hash.slice(1) } : undefined
}

function nameIn(encoded: string): DocumentName | undefined {
  try {
    return parseDocumentName(encoded)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
