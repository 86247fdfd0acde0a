/**
 * What one address, one person and one document may ask of the server, each with its reason. Many people share an address
 * (an office, a proxy that is not trusted), so that these are far above what people do, and below what hurts.
 */
import type { Allowance } from './budget.ts'
import type { LoanLimits } from './loans.ts'

export interface AdmissionLimits {
  /** Sockets that one address may have open: each takes some 30 KB of memory. */
  readonly maxConnections: number
  /** How fast one address may open them: all its people come back at once after a restart. */
  readonly connects: Allowance
  /** Keys and tokens from one address that open nothing. Guessing one of 2^128 is hopeless; this keeps it cheap as well. */
  readonly wrongKeys: Allowance
  /** Requests to the HTTP API from one address. */
  readonly requests: Allowance
  /** Documents that one address may make: they stay. */
  readonly newDocuments: Allowance
  /** Bytes of new documents that are on their way from one address or being made: each is in memory several times. */
  readonly maxIncomingBytes: number
  /** What all connections of one person say together. */
  readonly person: Spendings
  /** What all connections from one address say together. */
  readonly address: Spendings
  /** What all say together who are in one document. */
  readonly document: Spendings
  /** What is heard of each connection whatever others owe: a person who types, with a caret that moves, and what a page begins with. */
  readonly modest: Spendings
  /** Memory for what is still on its way: some of the largest messages of one address at once, and little of a small machine. */
  readonly loans: LoanLimits
}

export interface Spendings {
  readonly messages: Allowance
  readonly bytes: Allowance
}

const mebibyte = 1024 * 1024

export const admissionLimits: AdmissionLimits = {
  maxConnections: 4000,
  connects: { perSecond: 200, atOnce: 4000 },
  wrongKeys: perMinute(100),
  requests: perMinute(6000),
  newDocuments: perMinute(100),
  maxIncomingBytes: 64 * mebibyte,
  person: {
    messages: { perSecond: 20_000, atOnce: 100_000 },
    bytes: { perSecond: 8 * mebibyte, atOnce: 64 * mebibyte },
  },
  address: {
    messages: { perSecond: 50_000, atOnce: 250_000 },
    bytes: { perSecond: 16 * mebibyte, atOnce: 128 * mebibyte },
  },
  document: {
    messages: { perSecond: 50_000, atOnce: 250_000 },
    bytes: { perSecond: 16 * mebibyte, atOnce: 128 * mebibyte },
  },
  modest: {
    messages: { perSecond: 25, atOnce: 500 },
    bytes: { perSecond: 8 * 1024, atOnce: 128 * 1024 },
  },
  loans: { ofAddress: 128 * mebibyte, ofAll: 256 * mebibyte },
}

/** So many a minute, and as many at once. */
export function perMinute(count: number): Allowance {
  return { perSecond: count / 60, atOnce: count }
}
