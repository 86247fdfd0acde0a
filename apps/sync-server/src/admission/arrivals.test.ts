import { beforeEach, describe, expect, it } from 'vitest'
import { Arrivals, type Arrival } from './arrivals.ts'

const kibibyte = 1024
/** A chunk of a KiB, and what it takes besides. */
const chunkCost = kibibyte + 400
/** An empty pong. */
const pongBytes = 6

let arrivals: Arrivals
let gaveUp: string[]
beforeEach(() => {
  arrivals = new Arrivals({ ofAddress: 4 * chunkCost, ofAll: 6 * chunkCost })
  gaveUp = []
})

function from(address: string, name: string): Arrival {
  return arrivals.from(address, () => gaveUp.push(name))
}

/** So many chunks of a KiB. */
function send(arrival: Arrival, chunks: number): void {
  for (let count = 0; count < chunks; count++) arrival.came(kibibyte)
}

describe('a message that is on its way', () => {
  it('may be as large as all from its address, and no larger', () => {
    const one = from('here', 'one')
    send(one, 4)
    expect(gaveUp).toEqual([])
    send(one, 1)
    expect(gaveUp).toEqual(['one'])
    // It is no more, whatever still comes.
    send(one, 9)
    expect([gaveUp, one.bytes]).toEqual([['one'], 0])
  })

  it('has to go, if it is the largest of those from an address that are too much', () => {
    const [one, other] = [from('here', 'one'), from('here', 'other')]
    send(one, 3)
    send(other, 2)
    expect([gaveUp, other.bytes]).toEqual([['one'], 2 * chunkCost])
  })

  it('has to go for what others bring, if nobody holds more than those from its address', () => {
    const [large, small, other] = [from('here', 'large'), from('here', 'small'), from('there', 'other')]
    send(large, 3)
    send(small, 1)
    send(other, 3)
    expect(gaveUp).toEqual(['large'])
    send(other, 1)
    expect([gaveUp, other.bytes]).toEqual([['large'], 4 * chunkCost])
  })

  it('counts no more once it is whole, or nobody is there', () => {
    const [one, other] = [from('here', 'one'), from('here', 'other')]
    for (let count = 0; count < 9; count++) {
      send(one, 3)
      one.finished()
    }
    send(one, 3)
    one.close()
    send(other, 4)
    expect(gaveUp).toEqual([])
  })
})

describe('pings and pongs', () => {
  it('keep nothing if they come alone, in one chunk or in two', () => {
    const one = from('here', 'one')
    for (let count = 0; count < 99; count++) {
      one.came(pongBytes)
      one.passed(pongBytes)
    }
    one.came(2 * pongBytes)
    one.passed(pongBytes)
    one.passed(pongBytes)
    expect(one.bytes).toBe(0)
    send(one, 3)
    one.came(pongBytes)
    one.passed(pongBytes)
    expect(one.bytes).toBe(3 * chunkCost)
  })

  it('are kept with the piece of a message that came in one chunk with them', () => {
    const one = from('here', 'one')
    one.came(kibibyte)
    for (let count = 0; count < 150; count++) one.passed(pongBytes)
    expect(one.bytes).toBe(chunkCost)
  })

  it('keep nothing after a message that is whole', () => {
    const one = from('here', 'one')
    one.came(kibibyte)
    one.finished()
    one.passed(pongBytes)
    expect(one.bytes).toBe(0)
  })
})

it('tells how often it was asked about the same message', () => {
  const one = from('here', 'one')
  expect([one.look(), one.look()]).toEqual([1, 2])
  one.finished()
  expect(one.look()).toBe(1)
})
