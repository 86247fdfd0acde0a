/** What of a browser's tab the operator's page uses: what it keeps, where it is, and whether it is seen. */
import type { Place, Sight, StoredToken } from '../operator/operator-server.ts'
import { storedValue } from './stored-value.ts'

export function storedAdminToken(): StoredToken {
  return storedValue<string | undefined>({
    name: 'quire.operator',
    parse: (stored) => (typeof stored === 'string' ? stored : undefined),
    storage: () => sessionStorage,
  })
}

export const place: Place = {
  get: () => location.hash.slice(1),
  go: (fragment) => void (location.hash = fragment),
  subscribe(listener) {
    addEventListener('hashchange', listener)
    return () => removeEventListener('hashchange', listener)
  },
}

export const sight: Sight = {
  isVisible: () => document.visibilityState === 'visible',
  subscribe(listener) {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
}
