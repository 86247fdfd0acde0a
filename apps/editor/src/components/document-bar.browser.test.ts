import { expect, test, vi } from 'vitest'
import { setLanguage } from './document-bar.ts'
import type { ToastAction } from './quire-toast.ts'

function page() {
  const session = {
    language: '',
    setLanguage(id: string): void {
      session.language = id
    },
  }
  let undo = (): void => undefined
  const choose = (id: string): void =>
    setLanguage(session, id, (_words: string, action?: ToastAction) => void (undo = action?.run ?? undo))
  return { session, choose, undo: () => undo() }
}

test('a language that was chosen by the first letters of its name is taken back at once', () => {
  const { session, choose, undo } = page()
  choose('text')
  choose('python')
  undo()
  expect(session.language).toBe('')
})

test('of two that were chosen one after the other only the last is taken back', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
  const { session, choose, undo } = page()
  choose('text')
  clock.mockReturnValue(10_000)
  choose('python')
  undo()
  expect(session.language).toBe('text')
  clock.mockRestore()
})

test('what someone else has chosen since stays', () => {
  const { session, choose, undo } = page()
  choose('python')
  session.setLanguage('java')
  undo()
  expect(session.language).toBe('java')
})
