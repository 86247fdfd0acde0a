/** The settings, kept in the browser's storage and shared by its tabs. `early.js` reads the theme from there as well. */
import { parseSettings, type SettingsStore } from '../controllers/settings.ts'
import { storedValue } from './stored-value.ts'

export function storedSettings(): SettingsStore {
  const stored = storedValue({ name: 'quire.settings', parse: parseSettings })
  const listeners = new Set<() => void>()
  let current = stored.get()
  const tell = (): void => {
    current = stored.get()
    for (const listener of listeners) listener()
  }
  stored.subscribe(tell)
  return {
    get current() {
      return current
    },
    change(part) {
      // Starts from what is stored now, since another tab may have written meanwhile.
      stored.set({ ...stored.get(), ...part })
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
