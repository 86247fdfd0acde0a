/** What an error that reached the edge is to whoever asked. What is nobody's fault but ours is logged. */
import { ProtocolError } from '@quire/protocol'
import type { Logger } from '../logger.ts'
import { maxLinks, StorageError } from '../storage/document-store.ts'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { Problem } from './problem.ts'

export function problemOf(error: Error, logger: Logger): Problem {
  if (error instanceof Problem) return error
  if (error instanceof ProtocolError) return problemOfPeer(error)
  if (error instanceof StorageError && error.code === 'document-unknown')
    return new Problem('document-unknown')
  if (error instanceof StorageError && error.code === 'document-exists') return new Problem('document-exists')
  if (error instanceof StorageError && error.code === 'link-exists')
    return new Problem('bad-request', 'There is such a key already. Choose another.')
  // It was a moment ago.
  if (error instanceof StorageError && error.code === 'not-owner') return new Problem('document-unknown')
  if (error instanceof StorageError && error.code === 'link-unknown')
    return new Problem('not-found', 'There is no such link any more.')
  if (error instanceof StorageError && error.code === 'too-many-links')
    return new Problem('too-many', `A document has at most ${maxLinks} links. Take one back first.`)
  logger.error({ err: error }, 'a request failed')
  if (error instanceof StorageError && error.code === 'disk-full')
    return new Problem('storage-full', 'The disk of this server is full. Whoever runs it has to make room.')
  if (error instanceof StorageError && error.code === 'unavailable')
    return new Problem('unavailable', 'Storage cannot be reached.')
  if (error instanceof StorageError && error.code === 'damaged')
    return new Problem('unavailable', 'What is stored of this document cannot be read.')
  if (error instanceof ResourceLimitError)
    return new Problem('unavailable', 'This document takes too much to be read.')
  return new Problem('server-failed')
}

function problemOfPeer({ code }: ProtocolError): Problem {
  switch (code) {
    case 'token-invalid':
    case 'token-expired':
      return new Problem('not-authenticated')
    case 'keys-unavailable':
      return new Problem('unavailable', 'The keys of the application that issued the token cannot be had.')
    case 'write-not-allowed':
      return new Problem('not-allowed')
    case 'document-unknown':
      return new Problem('document-unknown')
    default:
      return new Problem('bad-request')
  }
}
