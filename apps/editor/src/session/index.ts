export { openDocument } from './document-session.ts'
export { LocalStoreError, type Changes, type Edit, type Kept, type LocalDocument } from './local-store.ts'
export { MemoryDevice, MemoryDocument } from './memory-document.ts'
export type { Draft, Rescue } from './rescue.ts'
export type {
  DocumentSession,
  Ending,
  Keeping,
  Person,
  Refusal,
  SessionOptions,
  SessionState,
  Trouble,
} from './session.ts'
