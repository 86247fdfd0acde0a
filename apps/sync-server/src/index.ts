export { startServer, type RunningServer, type ServerOptions } from './server.ts'
export type { Logger } from './logger.ts'
export { Metrics } from './metrics.ts'
export type { Clock } from './room/clock.ts'
export { systemClock } from './system-clock.ts'
export {
  StorageError,
  type DocumentStore,
  type LinkStore,
  type Store,
  type StoredLink,
} from './storage/document-store.ts'
export { MemoryStore } from './storage/memory/memory-store.ts'
export { SqliteStore } from './storage/sqlite/sqlite-store.ts'
export { verifyDatabase } from './storage/sqlite/verify.ts'
export { ThreadWorkshop } from './workshop/thread-workshop.ts'
export { ResourceLimitError, type Workshop } from './workshop/workshop.ts'
