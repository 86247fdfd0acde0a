/**
 * One value kept in the browser's storage as JSON. Storage may be blocked, full, or hold what another version
 * wrote, so what is read goes through `parse`, and a value that cannot be written lives as long as the page.
 */
export interface StoredValue<Value> {
  get(): Value
  set(value: Value): void
  /** Calls `listener` when another tab wrote the value; returns the undo. */
  subscribe(listener: () => void): () => void
}

export function storedValue<Value>(options: {
  readonly name: string
  readonly parse: (stored: unknown) => Value
  /** Where it is kept: for good and for all tabs, unless said otherwise. Blocked, it throws when it is asked for. */
  readonly storage?: () => Storage
}): StoredValue<Value> {
  const { name, parse, storage = () => localStorage } = options
  let unwritten: { readonly value: Value } | undefined
  let last: { readonly text: string | null; readonly value: Value } | undefined
  return {
    get() {
      if (unwritten) return unwritten.value
      const text = read(storage, name)
      // Asked at every rendering, and a list of thousands is long to read.
      if (last?.text !== text) last = { text, value: parse(parsed(text)) }
      return last.value
    },
    set(value) {
      unwritten = write(storage, name, JSON.stringify(value)) ? undefined : { value }
    },
    subscribe(listener) {
      const heard = ({ key }: StorageEvent): void => {
        if (key === name || key === null) listener()
      }
      addEventListener('storage', heard)
      return () => removeEventListener('storage', heard)
    },
  }
}

function read(storage: () => Storage, name: string): string | null {
  try {
    return storage().getItem(name)
  } catch {
    return null // blocked: as good as nothing
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null // not JSON: as good as nothing
  }
}

function write(storage: () => Storage, name: string, value: string): boolean {
  try {
    storage().setItem(name, value)
    return true
  } catch {
    return false // blocked or full
  }
}
