import { scan } from '@quire/protocol'

/** Whether it is one whole Yjs V1 update, which a document takes. Storage may be damaged, and hold what others wrote. */
export function isUpdate(value: unknown): value is Uint8Array {
  if (!(value instanceof Uint8Array)) return false
  try {
    scan(value)
    return true
  } catch {
    return false
  }
}
