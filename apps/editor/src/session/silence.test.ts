import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
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

test('whoever is doubted is asked at once, and soon given up', () => {
  const { silence, after } = listen()
  silence.watch()
  after(1)
  silence.doubt()
  silence.watch()
  expect([after(0), after(2), after(1), after(600)]).toEqual(['?', '?', '?!', '?!'])
})

test('whoever is doubted for nothing is waited for as before', () => {
  const { silence, after } = listen()
  silence.doubt()
  after(2)
  silence.heard(false)
  expect([after(7), after(1), after(5)]).toEqual(['?', '??', '??!'])
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

/** A slow link on which something small has come, and then for long a part of something large. */
describe('whoever has said something before they fell silent', () => {
  /** Gives up after the first words of another connection; says after how many seconds. */
  function tryAgain({ silence, after, heard }: ReturnType<typeof listen>): number {
    silence.end()
    heard.done = ''
    silence.watch()
    silence.heard(false)
    for (let seconds = 1; ; seconds++) if (after(1).endsWith('!')) return seconds
  }

  test('is given twice as long each time, up to minutes', () => {
    const line = listen()
    const times = Array.from({ length: 9 }, () => tryAgain(line))
    expect(times).toEqual([13, 21, 37, 69, 133, 261, 517, 517, 517])
  })

  test('is given no more time to say the first word', () => {
    const line = listen()
    for (let time = 0; time < 3; time++) tryAgain(line)
    line.heard.done = ''
    line.silence.watch()
    expect([line.after(12), line.after(1)]).toEqual(['?', '?!'])
  })

  test('is given no more than others once all has come', () => {
    const line = listen()
    expect([tryAgain(line), tryAgain(line)]).toEqual([13, 21])
    line.silence.heard(true)
    expect(tryAgain(line)).toBe(13)
  })
})

test('whoever has never said anything is given no more time', () => {
  const { silence, after, heard } = listen()
  for (let time = 0; time < 3; time++) {
    heard.done = ''
    silence.watch()
    expect([after(12), after(1)]).toEqual(['?', '?!'])
  }
})
