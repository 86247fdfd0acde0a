import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Person } from '../session/session.ts'
import { Arrivals } from './arrivals.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Seconds pass, or these are here from now on (`undefined`: we are cut off); what was said meanwhile. */
type Step = number | string | undefined

test.each<[what: string, steps: readonly Step[], said: readonly string[]]>([
  ['who is here already is told in one sentence', ['Ada Bo', 3], ['Ada and Bo are here.']],
  ['who comes later is told alone', ['Ada', 20, 'Ada Bo', 3], ['Ada is here.', 'Bo is here.']],
  ['who leaves is told', ['Ada Bo', 20, 'Bo', 3], ['Ada and Bo are here.', 'Ada left.']],
  ['coming and going are told together', ['Ada', 20, 'Bo', 3], ['Ada is here.', 'Bo is here. Ada left.']],
  ['nothing is told before a moment has passed', ['Ada', 2.9], []],
  [
    'whoever comes within that moment is told with the first',
    ['Ada', 2, 'Ada Bo', 1],
    ['Ada and Bo are here.'],
  ],
  ['whoever reloads their page is no news', ['Ada', 20, '', 2, 'Ada', 30], ['Ada is here.']],
  ['we are no news, with however many tabs', ['', 30], []],
  ['of many, two are named', ['Ada Bo Cy Di Ed', 3], ['Ada, Bo and 3 others are here.']],
  ['three are named', ['Ada Bo Cy', 3], ['Ada, Bo and Cy are here.']],
  [
    'more news waits until some time after the last',
    ['Ada', 3, 'Ada Bo', 4, 'Ada Bo Cy', 5.9, undefined, 0, 'Ada Bo Cy', 0.1],
    ['Ada is here.', 'Bo and Cy are here.'],
  ],
  [
    'one who comes and goes without end is heard of every ten seconds at most',
    ['Ada', ...Array.from({ length: 30 }, (_, index): Step[] => [index % 2 ? 'Ada' : 'Ada Eve', 1]).flat()],
    ['Ada and Eve are here.', 'Eve left.', 'Eve is here.'],
  ],
  [
    'losing everybody with the connection is no news',
    ['Ada', 20, undefined, 60, 'Ada', 60],
    ['Ada is here.'],
  ],
  [
    'who left meanwhile is news when we are back',
    ['Ada Bo', 20, undefined, 60, 'Ada', 3],
    ['Ada and Bo are here.', 'Bo left.'],
  ],
  ['being cut off before it was told puts it off', ['Ada', 1, undefined, 60, 'Ada', 3], ['Ada is here.']],
])('%s', (_, steps, said) => {
  expect(saidIn(steps)).toEqual(said)
})

test('the same words are said again when they are true again', () => {
  expect(saidIn(['Bo', 20, '', 20, 'Bo', 20])).toEqual(['Bo is here.', 'Bo left.', 'Bo is here.'])
})

test('nothing is said to a page that is gone', () => {
  const { arrivals, requestUpdate } = page()
  arrivals.hostUpdate()
  arrivals.hostDisconnected()
  vi.runAllTimers()
  expect(requestUpdate).not.toHaveBeenCalled()
})

function page() {
  const shown = { present: peopleOf('Ada') as readonly Person[] | undefined }
  const requestUpdate = vi.fn()
  const host = {
    addController: vi.fn(),
    removeController: vi.fn(),
    requestUpdate,
    updateComplete: Promise.resolve(true),
  }
  return { shown, requestUpdate, arrivals: new Arrivals(host, () => shown.present) }
}

/** A screen reader says what is new in a region, and nothing when the region becomes empty. */
function saidIn(steps: readonly Step[]): string[] {
  const { shown, requestUpdate, arrivals } = page()
  const said: string[] = []
  let held = ''
  const render = (): void => {
    arrivals.hostUpdate()
    if (arrivals.words !== held && arrivals.words !== '') said.push(arrivals.words)
    held = arrivals.words
  }
  requestUpdate.mockImplementation(render)
  for (const step of steps)
    if (typeof step === 'number') vi.advanceTimersByTime(step * 1000)
    else {
      shown.present = step === undefined ? undefined : peopleOf(step)
      render()
    }
  return said
}

function peopleOf(names: string): Person[] {
  const others = names.split(' ').filter(Boolean)
  return ['Me', ...others].map((name, index) => ({
    id: name,
    clientIds: name === 'Me' ? [1, 2] : [index + 2],
    name,
    colour: '#1f6fb5',
    isSelf: name === 'Me',
  }))
}
