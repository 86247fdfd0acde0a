import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Person } from '../session/session.ts'
import { Company } from './company.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const bo: Person = { id: 'bo', clientIds: [1], name: 'Bo', colour: '#1f6fb5', isSelf: false }

/** A page on which these people are, rendered whenever it is to be. */
function page() {
  let people: readonly Person[] = [bo]
  const requestUpdate = vi.fn(() => company.hostUpdate())
  const company: Company = new Company(
    {
      addController: vi.fn(),
      removeController: vi.fn(),
      requestUpdate,
      updateComplete: Promise.resolve(true),
    },
    () => people,
  )
  const showPeople = (...present: readonly Person[]): void => {
    people = present
    company.hostUpdate()
  }
  return { company, requestUpdate, showPeople }
}

test('who is followed is followed as they are now', () => {
  const { company, showPeople } = page()
  company.follow(bo)
  expect(company.followed).toBe(bo)
  const withPhone = { ...bo, clientIds: [1, 2], name: 'Bodil' }
  showPeople(withPhone)
  expect(company.followed).toBe(withPhone)
  company.follow(undefined)
  expect(company.followed).toBeUndefined()
})

test('who is gone for a moment is followed still, and who stays away is not', () => {
  const { company, requestUpdate, showPeople } = page()
  company.follow(bo)
  showPeople()
  vi.advanceTimersByTime(4_999)
  expect(company.followed).toBe(bo)
  const back = { ...bo, clientIds: [7] }
  showPeople(back)
  vi.advanceTimersByTime(60_000)
  expect(company.followed).toBe(back)
  showPeople()
  requestUpdate.mockClear()
  vi.advanceTimersByTime(5_000)
  expect(company.followed).toBeUndefined()
  expect(requestUpdate).toHaveBeenCalledOnce()
})

test('following someone else does not end because the one before has left', () => {
  const { company, showPeople } = page()
  const cy = { ...bo, id: 'cy' }
  company.follow(bo)
  showPeople(cy)
  company.follow(cy)
  vi.advanceTimersByTime(60_000)
  expect(company.followed).toBe(cy)
})

test('a page that is gone follows nobody', () => {
  const { company, requestUpdate, showPeople } = page()
  company.follow(bo)
  showPeople()
  company.hostDisconnected()
  requestUpdate.mockClear()
  vi.runAllTimers()
  expect(company.followed).toBeUndefined()
  expect(requestUpdate).not.toHaveBeenCalled()
})
