import { beforeEach, expect, it } from 'vitest'
import { Budget } from './budget.ts'

let nowMs = 0
let budget: Budget
beforeEach(() => {
  nowMs = 5000
  budget = new Budget({ perSecond: 100, atOnce: 10 }, () => nowMs)
})

it('allows so much at once, and then so much a second', () => {
  expect([budget.spend(10), budget.spend(1), budget.spend(1)]).toEqual([0, 10, 20])
  nowMs += 20
  expect([budget.spend(0), budget.spend(1)]).toEqual([0, 10])
})

it('saves up no more than that', () => {
  nowMs += 3_600_000
  expect([budget.spend(10), budget.spend(1)]).toEqual([0, 10])
})

it('takes one that is larger than all of it, and waits accordingly', () => {
  expect(budget.spend(1010)).toBe(10_000)
})
