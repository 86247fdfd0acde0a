import { beforeEach, describe, expect, it } from 'vitest'
import { Loans } from '../admission/loans.ts'
import { Arrival } from './arrival.ts'

const kibibyte = 1024
/** A chunk of a KiB, and what it takes besides. */
const chunkCost = kibibyte + 400
/** An empty pong. */
const pongBytes = 6

let arrival: Arrival
beforeEach(() => {
  const loans = new Loans({ ofAddress: Infinity, ofAll: Infinity })
  arrival = new Arrival(loans.to('here', () => undefined))
})

it('takes as much as has come, until it is whole', () => {
  arrival.came(kibibyte)
  arrival.came(kibibyte)
  expect(arrival.bytes).toBe(2 * chunkCost)
  arrival.finished()
  arrival.came(kibibyte)
  expect(arrival.bytes).toBe(0)
  arrival.came(kibibyte)
  expect(arrival.bytes).toBe(chunkCost)
})

describe('pings and pongs', () => {
  it('keep nothing if they come alone, in one chunk or in two', () => {
    for (let count = 0; count < 99; count++) {
      arrival.passed(pongBytes)
      arrival.came(pongBytes)
    }
    arrival.passed(pongBytes)
    arrival.passed(pongBytes)
    arrival.came(2 * pongBytes)
    expect(arrival.bytes).toBe(0)
    arrival.came(kibibyte)
    arrival.passed(pongBytes)
    arrival.came(pongBytes)
    expect(arrival.bytes).toBe(chunkCost)
  })

  it('are kept with the piece of a message that came in one chunk with them', () => {
    for (let count = 0; count < 150; count++) arrival.passed(pongBytes)
    arrival.came(kibibyte)
    expect(arrival.bytes).toBe(chunkCost)
  })

  it('keep nothing after a message that is whole', () => {
    arrival.finished()
    arrival.passed(pongBytes)
    arrival.came(kibibyte)
    expect(arrival.bytes).toBe(0)
  })
})

it('tells how often it was asked about the same message', () => {
  expect([arrival.look(), arrival.look()]).toEqual([1, 2])
  arrival.finished()
  expect(arrival.look()).toBe(1)
})
