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
}): StoredValue<Value> {
  const { name, parse } = options
  let unwritten: { readonly value: Value } | undefined
  return {
    get() {
      return unwritten ? unwritten.value : parse(read(name))
    },
    set(value) {
      unwritten = write(name, JSON.stringify(value)) ? undefined : { value }
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

function read(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null')
  } catch {
    return null // blocked, or not JSON: as good as nothing
  }
}

function write(name: string, value: string): boolean {
  try {
    localStorage.setItem(name, value)
    return true
  } catch {
    return false // blocked or full
  }
}
