import { expect, it } from 'vitest'
import { transportLimits } from '../transport/transport-limits.ts'
import { Admission } from './admission.ts'
import { admissionLimits, type Spendings } from './admission-limits.ts'
import type { Purse } from './purse.ts'

const ten: Spendings = {
  messages: { perSecond: 1, atOnce: 10 },
  bytes: { perSecond: 1, atOnce: 1000 },
}

const none: Spendings = { messages: { perSecond: 0, atOnce: 0 }, bytes: { perSecond: 0, atOnce: 0 } }

function admissionWith(limits: Partial<typeof admissionLimits>): Admission {
  const all = { ...admissionLimits, modest: none, ...limits }
  return new Admission({ trustedProxies: [], limits: all, now: () => 0 })
}

function spendAll(purse: Purse, count: number): number[] {
  return Array.from({ length: count }, () => purse.spend(1))
}

const nothing = Array.from({ length: 10 }, () => 0)

it('has its own to spend, whatever it shares', () => {
  const purse = admissionWith({}).purseFor({ address: 'a', document: 'd' })
  const { atOnce } = transportLimits.messages
  expect(spendAll(purse, atOnce).every((restMs) => restMs === 0)).toBe(true)
  expect(purse.spend(1)).toBeGreaterThan(0)
})

it.each(['address', 'document'] as const)('shares what there is with others of its %s', (shared) => {
  const admission = admissionWith({ [shared]: ten })
  const names = { address: 'a', document: 'd' }
  const [one, other] = [admission.purseFor(names), admission.purseFor(names)]
  const stranger = admission.purseFor({ ...names, [shared]: 'x' })
  expect(spendAll(one, 10)).toEqual(nothing)
  expect(other.spend(1)).toBe(1000)
  expect(spendAll(stranger, 10)).toEqual(nothing)
})

it('is heard whatever others owe, as long as it says little', () => {
  const admission = admissionWith({ document: ten, modest: ten })
  const names = { address: 'a', document: 'd' }
  const [one, other] = [admission.purseFor(names), admission.purseFor(names)]
  expect(spendAll(one, 20)).toEqual([...nothing, ...nothing])
  expect(one.spend(1)).toBeGreaterThan(0)
  expect(spendAll(other, 10)).toEqual(nothing)
  expect(other.spend(1)).toBeGreaterThan(0)
})

it('pays for pings alone', () => {
  const admission = admissionWith({ document: ten })
  const names = { address: 'a', document: 'd' }
  const [one, other] = [admission.purseFor(names), admission.purseFor(names)]
  const pings = Array.from({ length: transportLimits.messages.atOnce }, () => one.spendAlone(0))
  expect(pings.every((restMs) => restMs === 0)).toBe(true)
  expect(one.spendAlone(0)).toBeGreaterThan(0)
  expect(spendAll(other, 10)).toEqual(nothing)
})

it('shares with other connections of its person, once it is known', () => {
  const admission = admissionWith({ person: ten })
  const [one, other] = ['d', 'e'].map((document) => admission.purseFor({ address: 'a', document }))
  if (!one || !other) throw new Error('there are two')
  expect(spendAll(one, 20)).toEqual([...nothing, ...nothing])
  for (const purse of [one, other]) admission.shareAmongPerson(purse, 'anna')
  expect(spendAll(one, 10)).toEqual(nothing)
  expect(other.spend(1)).toBe(1000)
})

it('pays for bytes as for messages', () => {
  const purse = admissionWith({ document: ten }).purseFor({ address: 'a', document: 'd' })
  expect(purse.spend(1000)).toBe(0)
  expect(purse.spend(2)).toBe(2000)
})

it('pays ahead out of plenty, and never for what another has yet to say', () => {
  const many: Spendings = {
    messages: { perSecond: 1, atOnce: 100 },
    bytes: { perSecond: 1, atOnce: 100_000 },
  }
  const admission = admissionWith({ document: many })
  const purses = Array.from({ length: 100 }, (_, index) =>
    admission.purseFor({ address: String(index), document: 'd' }),
  )
  // Some of what is left is paid for already, and all of it is there to be said.
  const saidAtOnce = purses.map((purse) => purse.spend(1)).filter((restMs) => restMs === 0).length
  expect(saidAtOnce).toBeGreaterThan(50)
  const saidAfterwards = purses
    .flatMap((purse) => spendAll(purse, 16))
    .filter((restMs) => restMs === 0).length
  expect(saidAtOnce + saidAfterwards).toBe(100)
})
