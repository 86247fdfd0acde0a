import { beforeEach, describe, expect, it } from 'vitest'
import { ClientIds } from './client-ids.ts'
import { ManualClock } from './manual-clock.ts'
import type { Principal } from './peer.ts'

const leaseMs = 1000
const id = 7

interface Someone {
  readonly principal: Principal
}

const person = (name: string): Someone => ({ principal: { id: name, isPerson: true } })
const holderOfLink = (link: string): Someone => ({ principal: { id: link, isPerson: false } })

let clock: ManualClock
let freed: number
let ids: ClientIds<Someone>
beforeEach(() => {
  clock = new ManualClock()
  freed = 0
  ids = new ClientIds({ clock, leaseMs, onFreed: () => freed++, reserved: new Map() })
})

describe('a client id', () => {
  it('that nobody holds is held from nobody', () => expect(ids.isHeldFrom(person('anna'), id)).toBe(false))

  it('is its owner’s while they are connected, and for the time of the lease', () => {
    const [anna, eve] = [person('anna'), person('eve')]
    ids.claim(anna, id)
    expect([ids.isHeldFrom(anna, id), ids.isHeldFrom(eve, id)]).toEqual([false, true])
    clock.advance(leaseMs * 10)
    expect(ids.isHeldFrom(eve, id)).toBe(true)
    ids.leave(anna)
    clock.advance(leaseMs - 1)
    expect([ids.isHeldFrom(eve, id), freed]).toEqual([true, 1])
    clock.advance(1)
    expect([ids.isHeldFrom(eve, id), freed]).toEqual([false, 2])
  })

  it('is not taken over by claiming it, even when others may bring what was written under it', () => {
    const [anna, eve] = [person('anna'), person('eve')]
    ids.claim(anna, id)
    ids.claim(eve, id)
    expect(ids.ownerOf(id)).toBe(anna)
    ids.leave(anna)
    clock.advance(leaseMs)
    ids.claim(eve, id)
    expect(ids.ownerOf(id)).toBeUndefined()
    const back = person('anna')
    expect(ids.isHeldFrom(back, id)).toBe(false)
    ids.claim(back, id)
    expect([ids.ownerOf(id), ids.isHeldFrom(eve, id)]).toEqual([back, true])
  })

  it('goes over at once to a person’s new connection, which holds it back from the old one', () => {
    const [old, fresh] = [person('anna'), person('anna')]
    ids.claim(old, id)
    expect(ids.isHeldFrom(fresh, id)).toBe(false)
    ids.claim(fresh, id)
    expect(ids.ownerOf(id)).toBe(fresh)
    ids.leave(old)
    expect(ids.ownerOf(id)).toBe(fresh)
  })

  it('goes over between those who share a link only when the connection has ended', () => {
    const [one, other] = [holderOfLink('edit'), holderOfLink('edit')]
    ids.claim(one, id)
    ids.claim(other, id)
    expect([ids.ownerOf(id), ids.isHeldFrom(other, id)]).toEqual([one, true])
    ids.leave(one)
    expect(ids.isHeldFrom(other, id)).toBe(false)
    ids.claim(other, id)
    expect(ids.ownerOf(id)).toBe(other)
  })

  it('stays its principal’s though nobody was there for a while, and the room was forgotten', () => {
    ids.claim(person('anna'), id)
    expect(ids.reservations.size).toBe(0)
    const anna = ids.ownerOf(id)
    if (anna) ids.leave(anna)
    clock.advance(leaseMs / 2)
    const again = new ClientIds<Someone>({
      clock,
      leaseMs,
      onFreed: () => freed++,
      reserved: ids.reservations,
    })
    expect([again.isHeldFrom(person('eve'), id), again.isHeldFrom(person('anna'), id)]).toEqual([true, false])
    clock.advance(leaseMs / 2)
    expect(again.isHeldFrom(person('eve'), id)).toBe(false)
    expect(again.reservations.size).toBe(0)
  })

  it('can be held by one connection only so many times', () => {
    const eve = person('eve')
    for (let client = 0; client < 1000; client++) ids.claim(eve, client)
    expect(ids.isHeldFrom(person('anna'), 0)).toBe(true)
    expect(ids.isHeldFrom(person('anna'), 999)).toBe(false)
  })

  it('whose owner left long ago is forgotten when many have come since', () => {
    const anna = person('anna')
    ids.claim(anna, id)
    ids.leave(anna)
    for (let client = 100; client < 20_100; client++) {
      const passer = person(`passer ${client}`)
      ids.claim(passer, client)
      ids.leave(passer)
    }
    expect(ids.isHeldFrom(person('eve'), id)).toBe(false)
  })
})
