import { expect, test } from 'vitest'
import { Blocks } from './blocks.ts'
import type { Block } from './markdown.ts'

function blocksOf(words: readonly string[]): Block[] {
  return words.map((html, line) => ({ html, line, end: line + 1 }))
}

function setOut() {
  const parent = document.createElement('main')
  document.body.append(parent)
  const made: string[] = []
  const placed: string[] = []
  let pauses = 0
  const blocks = new Blocks(parent, {
    make(html) {
      made.push(html)
      const element = document.createElement('p')
      element.textContent = html
      return element
    },
    placed: (element) => placed.push(element.isConnected ? element.textContent : 'not in the page'),
    async pause() {
      pauses++
      await new Promise((resolve) => setTimeout(resolve))
    },
  })
  const shown = (): string[] => [...parent.children].map(({ textContent }) => textContent)
  return { parent, blocks, shown, made, placed, pauses: () => pauses }
}

test('what has changed is made, what has not stays where it was or goes where it is now', async () => {
  const { blocks, shown, made, placed } = setOut()
  const words = ['a', 'b', 'c', 'd', 'e']
  await blocks.show(blocksOf(words))
  expect([shown(), made.splice(0), placed.splice(0)]).toEqual([words, words, words])
  await blocks.show(blocksOf(['a', 'd', 'new', 'b', 'newer', 'e']))
  expect(shown()).toEqual(['a', 'd', 'new', 'b', 'newer', 'e'])
  const news = ['new', 'newer']
  expect([made, placed]).toEqual([news, news])
})

test('a long text comes in a few batches, however many slices it is made in', async () => {
  const { parent, blocks, shown, pauses } = setOut()
  const words = Array.from({ length: 20_000 }, (_, index) => String(index))
  let batches = 0
  const observer = new MutationObserver((records) => (batches += records.length))
  observer.observe(parent, { childList: true })
  await blocks.show(blocksOf(words))
  await Promise.resolve()
  expect(shown()).toEqual(words)
  // With batches that grow by a quarter, that is how many there can be, were the first a single block.
  expect(batches).toBeLessThan(Math.log(words.length) / Math.log(1.25))
  expect(pauses()).toBeGreaterThan(0)
})
