/** Who a guest is on this device: a name to begin with, and a secret that keeps their colour the same everywhere. */
import { cleanName } from '@quire/protocol'
import type { Guest } from '../controllers/surroundings.ts'
import { t } from '../words/index.ts'
import { storedValue } from './stored-value.ts'

/** The same in all tabs of this browser, which hear of each other's changes. */
export function storedGuest(): Guest {
  const stored = storedValue({ name: 'quire.guest', parse: parseGuest })
  let identity = stored.get() ?? { name: randomName(), secret: randomSecret() }
  stored.set(identity)
  const listeners = new Set<() => void>()
  const renamed = (next: typeof identity): void => {
    const isNews = next.name !== identity.name
    identity = next
    if (isNews) for (const listener of listeners) listener()
  }
  stored.subscribe(() => renamed(stored.get() ?? identity))
  return {
    get name() {
      return identity.name
    },
    get secret() {
      return identity.secret
    },
    rename(name) {
      const next = { ...identity, name: cleanName(name) || identity.name }
      stored.set(next)
      renamed(next)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function parseGuest(stored: unknown): { readonly name: string; readonly secret: string } | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { name, secret } = stored as { readonly name?: unknown; readonly secret?: unknown }
  const cleaned = cleanName(name)
  return cleaned && typeof secret === 'string' && secret ? { name: cleaned, secret } : undefined
}

function randomName(): string {
  const names = t('guest.names').split(' ')
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return names[number % names.length] ?? t('people.unnamed')
}

/** 128 bits: nobody guesses another guest's. (`crypto.randomUUID` is missing where a server is reached over plain HTTP.) */
function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
