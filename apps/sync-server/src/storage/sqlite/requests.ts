/** What the store asks of its writer thread, and the answers. All that is written by a batch is one transaction and one fsync. */
import type { DocumentName } from '@quire/protocol'
import type {
  AppendOptions,
  Base,
  LinkChange,
  LongLog,
  NewDocument,
  NewLink,
  Page,
  StorageErrorCode,
} from '../document-store.ts'
import type { PackedAnswer, Parcel } from './parcel.ts'

/** The hash of the key that has to be the owner's when this is written; undefined: none has to be. */
type Owner = Uint8Array | undefined

export type Request =
  | { readonly type: 'create'; readonly document: NewDocument }
  | { readonly type: 'load'; readonly name: DocumentName }
  | {
      readonly type: 'append'
      readonly name: DocumentName
      readonly update: Uint8Array
      readonly options: AppendOptions | undefined
    }
  | { readonly type: 'writers'; readonly name: DocumentName }
  | { readonly type: 'compact'; readonly name: DocumentName; readonly base: Base }
  | { readonly type: 'long-logs'; readonly long: LongLog; readonly limit: number }
  | { readonly type: 'has-links'; readonly name: DocumentName }
  | { readonly type: 'find-link'; readonly name: DocumentName; readonly keyHash: Uint8Array }
  | { readonly type: 'find-link-by-id'; readonly name: DocumentName; readonly id: string }
  | { readonly type: 'links'; readonly name: DocumentName }
  | {
      readonly type: 'add-link'
      readonly name: DocumentName
      readonly link: NewLink
      readonly ownerKeyHash: Owner
    }
  | {
      readonly type: 'remove-link'
      readonly name: DocumentName
      readonly id: string
      readonly ownerKeyHash: Owner
    }
  | {
      readonly type: 'change-link'
      readonly name: DocumentName
      readonly id: string
      readonly change: LinkChange
      readonly ownerKeyHash: Owner
    }
  | { readonly type: 'use-link'; readonly name: DocumentName; readonly id: string; readonly userId: string }
  | {
      readonly type: 'replace-links'
      readonly name: DocumentName
      readonly ids: readonly string[] | 'all'
      readonly links: readonly NewLink[]
      readonly ownerKeyHash: Owner
    }
  | { readonly type: 'documents'; readonly page: Page }
  | { readonly type: 'facts'; readonly name: DocumentName }
  | { readonly type: 'totals' }
  | {
      readonly type: 'note-title'
      readonly name: DocumentName
      readonly title: { readonly position: number; readonly text: string }
    }
  | { readonly type: 'note-opened'; readonly name: DocumentName }
  | { readonly type: 'pass-hour' }
  | { readonly type: 'keep-for'; readonly days: number | undefined }
  | { readonly type: 'unopened'; readonly hours: number }
  | { readonly type: 'remove-unopened'; readonly name: DocumentName; readonly hours: number }
  | { readonly type: 'remove'; readonly name: DocumentName; readonly ownerKeyHash: Owner }
  | { readonly type: 'check' }
  | { readonly type: 'set-aside'; readonly name: DocumentName; readonly reason: string }

export type Answer =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly code: StorageErrorCode; readonly message: string }

export type ToWriter =
  /** The requests are numbered on, from `first`. */
  | { readonly type: 'batch'; readonly first: number; readonly parcels: readonly Parcel[] }
  | { readonly type: 'close' }

export type FromWriter =
  | { readonly type: 'open'; readonly usedBytes: number }
  | { readonly type: 'in-use' }
  | { readonly type: 'unusable'; readonly reason: string; readonly isTemporary: boolean }
  | {
      readonly type: 'answers'
      /** The numbers of the requests. */
      readonly ids: readonly number[]
      readonly answers: readonly PackedAnswer[]
      /** What is stored takes so much now. */
      readonly usedBytes: number
    }
  /** All that the batch was to write has been answered, and the next may come. What it was to read may be answered later. */
  | { readonly type: 'finished' }
