export * from './access.ts'
export * from './assert.ts'
export * from './close-codes.ts'
export * from './codec.ts'
export * from './document-names.ts'
export * from './errors.ts'
export * from './limits.ts'
export * from './messages.ts'
export * from './people.ts'
export * from './presence.ts'
export * from './update/gate.ts'
export * from './update/ledger.ts'
export * from './update/part.ts'
export { RangeSet } from './update/range-set.ts'
export { clientsIn, renameIds } from './update/rename.ts'
export {
  eachDeleted,
  scan,
  unbounded,
  type Id,
  type IdRange,
  type Run,
  type ScannedUpdate,
} from './update/scan.ts'
export * from './update/splice.ts'
export * from './update/state-vector.ts'
export * from './version.ts'
