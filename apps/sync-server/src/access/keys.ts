/**
 * Link keys: 128 random bits for the owner's, and from it, by HMAC, the keys of the document's other links. So
 * an owner can be shown any of their links again while the server stores hashes only.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'

const keyBytes = 16
const idBytes = 12

export function makeOwnerKey(): string {
  return makeKey()
}

/** That follows from no other. */
export function makeKey(): string {
  return randomBytes(keyBytes).toString('base64url')
}

/** HMAC-SHA-256 of the link's id under the owner's key, cut to 128 bits. */
export function deriveKey(ownerKey: string, linkId: string): string {
  const mac = createHmac('sha256', Buffer.from(ownerKey, 'base64url')).update(`quire link ${linkId}`).digest()
  return mac.subarray(0, keyBytes).toString('base64url')
}

const operatorPrefix = 'operator-'

/**
 * For a link that the operator makes. The server does not know the owner's key, so that the link's is one of its own:
 * nobody can be shown it again.
 */
export function makeOperatorLinkId(): string {
  return operatorPrefix + makeId()
}

/** Does the link's key follow from nothing? All other ids are shorter, or the name of a role. */
export function isOperatorLink(id: string): boolean {
  return id.startsWith(operatorPrefix) && id.length > operatorPrefix.length + idBytes
}

/** What the store keeps instead of the key. */
export function hashKey(key: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(key).digest())
}

/** 96 random bits: the address of a document or a link, not its protection. No dash comes first, or it would look like a flag. */
export function makeId(): string {
  for (;;) {
    const id = randomBytes(idBytes).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}
