import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Silence } from './silence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What was done after so many seconds, a letter each: `?` asked, `!` given up. */
function listen() {
  const heard = { done: '', bytesLeft: 0 }
  const silence = new Silence({
    progress: () => heard.bytesLeft,
    ask: () => (heard.done += '?'),
    giveUp: () => (heard.done += '!'),
  })
  const after = (seconds: number): string => {
    vi.advanceTimersByTime(seconds * 1000)
    return heard.done
  }
  return { heard, silence, after }
}

test('whoever has nothing to wait for is left alone', () => {
  expect(listen().after(600)).toBe('')
})

test('who does not answer is asked, and given up if that brings nothing either', () => {
  const { silence, after } = listen()
  silence.watch()
  expect([after(7), after(1), after(4), after(1), after(600)]).toEqual(['', '?', '?', '?!', '?!'])
})

test('what is said meanwhile gives no more time', () => {
  const { silence, after } = listen()
  silence.watch()
  after(7)
  silence.watch()
  expect(after(1)).toBe('?')
})

test('whoever answers is waited for on, as long as something is to come', () => {
  const { silence, after } = listen()
  silence.watch()
  after(8)
  silence.heard(false)
  expect(after(7)).toBe('?')
  silence.heard(false)
  expect(after(8)).toBe('??')
  silence.heard(true)
  expect(after(600)).toBe('??')
})

test('while something leaves, somebody is there', () => {
  const { silence, after, heard } = listen()
  heard.bytesLeft = 100
  silence.watch()
  heard.bytesLeft = 60
  expect(after(8)).toBe('')
  heard.bytesLeft = 20
  expect(after(8)).toBe('')
  expect([after(8), after(5)]).toEqual(['?', '?!'])
})

test('nothing is done for a socket that has ended', () => {
  const { silence, after } = listen()
  silence.watch()
  silence.end()
  expect(after(600)).toBe('')
})
