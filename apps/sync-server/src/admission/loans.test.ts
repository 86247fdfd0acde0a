import { beforeEach, expect, it } from 'vitest'
import { Loans, type Loan } from './loans.ts'

let loans: Loans
let gaveUp: string[]
beforeEach(() => {
  loans = new Loans({ ofAddress: 4000, ofAll: 6000 })
  gaveUp = []
})

function lend(address: string, name: string): Loan {
  return loans.to(address, () => gaveUp.push(name))
}

it('may be as large as all of its address, and no larger', () => {
  const one = lend('here', 'one')
  one.add(4000)
  expect(gaveUp).toEqual([])
  one.add(1)
  expect(gaveUp).toEqual(['one'])
  // It is no more, whatever is still asked of it.
  one.add(9000)
  expect([gaveUp, one.bytes]).toEqual([['one'], 0])
})

it('has to end, if it is the largest of those of an address that are too much', () => {
  const [one, other] = [lend('here', 'one'), lend('here', 'other')]
  one.add(2500)
  other.add(1501)
  expect([gaveUp, other.bytes]).toEqual([['one'], 1501])
})

it('has to end for what others are lent, if nobody holds more than those of its address', () => {
  const [large, small, other] = [lend('here', 'large'), lend('here', 'small'), lend('there', 'other')]
  large.add(2500)
  small.add(600)
  other.add(2900)
  expect(gaveUp).toEqual([])
  other.add(100)
  expect([gaveUp, other.bytes]).toEqual([['large'], 3000])
})

it('counts no more once it is paid back, or closed', () => {
  const [one, other] = [lend('here', 'one'), lend('here', 'other')]
  for (let count = 0; count < 9; count++) {
    one.add(3000)
    one.become(0)
  }
  one.add(3000)
  one.close()
  one.close()
  other.add(4000)
  expect(gaveUp).toEqual([])
})
