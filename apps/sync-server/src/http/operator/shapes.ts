/** What the operator's API answers, as schemas: what its answers are typed by, and described with. Times are seconds since 1970. */
import { z } from 'zod'
import { count, link, role, time } from '../answers.ts'

export const operatorPath = '/api/admin'

export const documentSummary = z.object({
  id: z.string(),
  /** Null: it cannot be read. */
  title: z.string().nullable(),
  /** As it is stored. */
  bytes: count,
  /** How many there ever were in its log; null: that is damaged. */
  entries: count.nullable(),
  links: count,
  createdAt: time,
  /** Null: not since this is kept. */
  changedAt: time.nullable(),
  /** To the day; null: that is damaged. */
  openedAt: time.nullable(),
  /** Of which a server ran; null: likewise. */
  unopenedDays: count.nullable(),
  /** Connected now. */
  people: count,
})
export type DocumentSummary = z.infer<typeof documentSummary>

export const documentList = z.object({ documents: z.array(documentSummary) })

/** A link as its owner sees it, less the address, which nobody can be shown. */
export const operatorLink = link.omit({ url: true }).extend({
  /** Made by the operator, whom it alone was shown to. */
  operator: z.boolean(),
})
export type OperatorLink = z.infer<typeof operatorLink>

export const operatorLinks = z.object({ links: z.array(operatorLink) })
export const madeLink = operatorLink.extend({ url: z.string() })
export type MadeLink = z.infer<typeof madeLink>
export const madeLinks = z.object({ links: z.array(madeLink) })

/** Somebody who is in a document. `id` is theirs in this document for as long as the server runs, and opens nothing. */
const person = z.object({ id: z.string(), name: z.string(), role, connections: count })
export type Person = z.infer<typeof person>

export const people = z.object({ present: z.array(person) })
/** How many connections were ended. */
export const disconnected = z.object({ connections: count })

export const documentDetails = documentSummary.extend({
  /** What joins the log up to its position. */
  base: z.object({ position: count, bytes: count }),
  /** What came after that. */
  tail: z.object({ entries: count, bytes: count }),
  linkList: z.array(operatorLink),
  present: z.array(person),
  /** Who wrote first under which client id; `brought`: sent it, perhaps for somebody else. */
  writers: z.array(
    z.object({
      clientId: count,
      userId: z.string(),
      name: z.string(),
      part: z.enum(['wrote', 'brought']),
      firstSeenAt: time,
    }),
  ),
})
export type DocumentDetails = z.infer<typeof documentDetails>

export const compacted = z.object({
  id: z.string(),
  entriesJoined: count,
  bytesBefore: count,
  bytesAfter: count,
})
export type Compacted = z.infer<typeof compacted>

export const issuedToken = z.object({ token: z.string(), url: z.string(), expiresAt: time })
export type IssuedToken = z.infer<typeof issuedToken>

/** What a running server says of itself; null: none is running. */
export const serverInfo = z
  .object({
    url: z.string(),
    publicUrl: z.string(),
    version: z.string(),
    pid: count,
    startedAt: time,
    openDocuments: count,
    connections: count,
    memoryBytes: count,
    /** Of the last minute, or since it started. */
    recent: z.object({
      seconds: z.number(),
      updates: count,
      /** Connections that were ended or not let in. */
      refusals: count,
      /** From what was gathered until it was on the disk; null: nothing was stored. */
      saveMs: z.object({ median: z.number(), p99: z.number() }).nullable(),
      /** The latest that a timer came. */
      loopDelayMs: z.number(),
    }),
  })
  .nullable()
export type Server = NonNullable<z.infer<typeof serverInfo>>

export const stats = z.object({
  documents: count,
  links: count,
  /** Connected now, each once. */
  people: count,
  /** Of what is stored in documents. */
  bytes: count,
  /** What that takes of the database, with all that is kept beside it, and how much it may; null: as much as it likes. */
  used: z.object({ bytes: count, maxBytes: count.nullable() }),
  /** What is deleted by itself, and what that would be now; null: nothing is, or no server is running. */
  retention: z.object({ days: count, unopened: z.object({ documents: count, bytes: count }) }).nullable(),
  largest: z.array(documentSummary),
  /** Null: no server is running. */
  server: serverInfo,
  /** Null: nothing is kept on a disk. */
  disk: z.object({ folder: z.string(), databaseBytes: count, freeBytes: count, sizeBytes: count }).nullable(),
})
export type Stats = z.infer<typeof stats>
