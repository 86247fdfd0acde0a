import { describe, expect, it } from 'vitest'
import { Receipts } from './receipts.ts'

describe('receipts', () => {
  it('tell how many frames are durable, counting one only with all before it', () => {
    const receipts = new Receipts()
    const [first, second, third] = [receipts.issue(), receipts.issue(), receipts.issue()]
    second.durable = true
    expect(receipts.take()).toBeUndefined()
    first.durable = true
    expect(receipts.take()).toBe(2)
    expect(receipts.take()).toBeUndefined()
    third.durable = true
    expect(receipts.take()).toBe(3)
  })

  it('are owed however many there are', () => {
    const receipts = new Receipts()
    const issued = Array.from({ length: 300_000 }, () => receipts.issue())
    receipts.owe(issued)
    expect(receipts.takeOwed()).toHaveLength(300_000)
  })
})
