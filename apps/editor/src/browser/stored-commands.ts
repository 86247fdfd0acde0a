/** Which commands were last used on this device. */
import { maxRecentCommands, withCommand, type RecentCommands } from '../controllers/recent-commands.ts'
import { storedValue } from './stored-value.ts'

export function storedCommands(): RecentCommands {
  const stored = storedValue({ name: 'quire.commands', parse })
  return {
    get ids() {
      return stored.get()
    },
    used: (id) => stored.set(withCommand(stored.get(), id)),
  }
}

function parse(stored: unknown): readonly string[] {
  const ids: readonly unknown[] = Array.isArray(stored) ? stored : []
  return ids.filter((id) => typeof id === 'string').slice(0, maxRecentCommands)
}
