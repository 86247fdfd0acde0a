import { expect, test, vi } from 'vitest'
import { oncePainted } from './painted.ts'

test('what may wait happens after the next picture, in its order', async () => {
  const seen: string[] = []
  requestAnimationFrame(() => seen.push('picture'))
  oncePainted(() => seen.push('first'))
  await new Promise<void>((resolve) => {
    oncePainted(() => {
      seen.push('second')
      resolve()
    })
  })
  expect(seen).toEqual(['picture', 'first', 'second'])
})

test.each([
  ['left', () => dispatchEvent(new Event('pagehide'))],
  ['put behind another one', () => document.dispatchEvent(new Event('visibilitychange'))],
])('it happens at once when the page is %s, and no second time', async (_how, leave) => {
  let times = 0
  oncePainted(() => times++)
  expect(times).toBe(0)
  leave()
  expect(times).toBe(1)
  await new Promise<void>(oncePainted)
  expect(times).toBe(1)
})

test('a page that nobody sees does not wait', () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  let times = 0
  oncePainted(() => times++)
  hidden.mockRestore()
  expect(times).toBe(1)
})

test('where nothing is painted it happens all the same', async () => {
  const frames = vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(0)
  await new Promise<void>(oncePainted)
  expect(frames).toHaveBeenCalled()
  frames.mockRestore()
})
