import { describe, expect, it } from 'vitest'
import { roomLimits } from './room-limits.ts'
import { openStage, type Client, type Stage } from './testing/stage.ts'

const edits = 500

/** Five hundred edits in a second, by turns of these. */
async function crowd(stage: Stage, writers: readonly Client[]): Promise<void> {
  for (let edit = 0; edit < edits; edit++) {
    writers[edit % writers.length]?.type('x')
    stage.clock.advance(1000 / edits)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('what a crowd writes', () => {
  it('comes to pages less often than to other clients, and is acknowledged no later for that', async () => {
    const stage = await openStage()
    const [page, stock] = [await stage.join(), await stage.join({ speaksQuire: false })]
    const writers = [await stage.join(), await stage.join()]
    for (const writer of writers) writer.answer()
    await stage.settle()
    const before = [page, stock].map((client) => client.toldOf('update').length)
    const receipts = writers[0]?.toldOf('saved').length ?? 0
    await crowd(stage, writers)
    const [toPage = 0, toStock = 0] = [page, stock].map(
      (client, index) => client.toldOf('update').length - (before[index] ?? 0),
    )
    // After the first moments, in which nobody can know that this is a crowd.
    expect(toPage).toBeLessThan(1000 / roomLimits.crowdedPagePulseMs + 5)
    expect(toStock).toBeGreaterThan(1000 / roomLimits.crowdedWritePulseMs - 2)
    expect(toStock).toBeGreaterThan(toPage)
    expect((writers[0]?.toldOf('saved').length ?? 0) - receipts).toBeGreaterThan(toPage)
    await stage.settle()
    expect([page, ...writers].map(({ text }) => text)).toEqual(Array(3).fill(stock.text))
    expect(stock.text).toHaveLength(edits)
  })

  it('goes to pages with the last breath of a server that stops', async () => {
    const stage = await openStage({ pagePulseMs: 1e6, crowdedPagePulseMs: 1e6 })
    const [page, writer] = [await stage.join(), await stage.join()]
    writer.answer()
    await stage.settle()
    await crowd(stage, [writer])
    expect(page.text.length).toBeLessThan(edits)
    const drained = stage.rooms.drain()
    await stage.settle()
    await drained
    expect(page.text).toHaveLength(edits)
  })

  it('is not sent to the page that wrote all of it', async () => {
    const stage = await openStage()
    const [page, writer] = [await stage.join(), await stage.join()]
    writer.answer()
    await stage.settle()
    const heard = writer.toldOf('update').length
    await crowd(stage, [writer])
    await stage.settle()
    expect([page.text.length, writer.toldOf('update').length]).toEqual([edits, heard])
  })
})
