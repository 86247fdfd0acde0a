/**
 * The access tokens that host applications have handed to this tab, kept for as long as it is open: a page that is loaded
 * anew finds no token in its address any more.
 */
import { isAccessToken } from '@quire/protocol'
import type { DocumentToken } from '../controllers/route.ts'
import type { HandedTokens } from '../controllers/surroundings.ts'
import { storedValue } from './stored-value.ts'

export interface StoredTokens extends HandedTokens {
  keep(pass: DocumentToken): void
}

export function storedTokens(): StoredTokens {
  const stored = storedValue({ name: 'quire.tokens', parse: parseTokens, storage: () => sessionStorage })
  return {
    of: (documentId) => stored.get().find(([id]) => id === documentId)?.[1],
    keep({ documentId, token }) {
      const others = stored.get().filter(([id]) => id !== documentId)
      stored.set([[documentId, token], ...others])
    },
  }
}

type Token = readonly [documentId: string, token: string]

function parseTokens(stored: unknown): readonly Token[] {
  return Array.isArray(stored) ? stored.flatMap(parseToken) : []
}

/** None or one. */
function parseToken(stored: unknown): readonly Token[] {
  const [documentId, token]: readonly unknown[] = Array.isArray(stored) ? stored : []
  const isToken = typeof documentId === 'string' && typeof token === 'string' && isAccessToken(token)
  return isToken ? [[documentId, token]] : []
}
