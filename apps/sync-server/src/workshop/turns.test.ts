import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

describe('turns', () => {
  it('are taken one after the other, whatever became of the one before', async () => {
    const turns = new Turns()
    const begun: string[] = []
    const first = Promise.withResolvers<string>()
    const work = (name: string) => async (): Promise<string> => {
      begun.push(name)
      return name === 'first' ? first.promise : name
    }
    const outcomes = Promise.allSettled([turns.take(work('first')), turns.take(work('second'))])
    expect([begun, turns.length]).toEqual([['first'], 1])
    first.reject(new Error('no'))
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await turns.take(work('third'))).toBe('third')
    expect(begun).toEqual(['first', 'second', 'third'])
  })

  it('that are not wanted any more are not taken, and are forgotten at once', async () => {
    const turns = new Turns()
    const begun: string[] = []
    const first = Promise.withResolvers<void>()
    const under = turns.take(() => first.promise)
    const { signal, abort } = aborter()
    const given = turns.take(async () => begun.push('given up'), signal)
    const last = turns.take(async () => begun.push('last'))
    abort()
    expect(turns.length).toBe(1)
    await expect(given).rejects.toThrow('not wanted')
    await expect(turns.take(async () => begun.push('never'), signal)).rejects.toThrow('not wanted')
    first.resolve()
    await Promise.all([under, last])
    expect(begun).toEqual(['last'])
  })

  it('are taken by as many at a time as may', async () => {
    const turns = new Turns(2)
    const works = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
    const begun: number[] = []
    const taken = works.map(({ promise }, index) =>
      turns.take(() => {
        begun.push(index)
        return promise
      }),
    )
    expect(begun).toEqual([0, 1])
    works[1]?.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual([0, 1, 2])
    for (const { resolve } of works) resolve()
    await Promise.all(taken)
    expect(begun).toEqual([0, 1, 2, 3])
  })

  it('that have begun end as they will', async () => {
    const { signal, abort } = aborter()
    const work = Promise.withResolvers<string>()
    const taken = new Turns().take(() => work.promise, signal)
    abort()
    work.resolve('done')
    expect(await taken).toBe('done')
  })
})

function aborter(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort(new Error('not wanted')) }
}
