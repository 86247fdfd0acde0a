import { beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { RecentDocument } from '../controllers/recent-documents.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import '../look/page.css'
import './quire-home.ts'
import type { QuireHome } from './quire-home.ts'

const subscribe = () => () => {}

function titled(title: string, index: number): RecentDocument {
  return { documentId: `d${index}`, path: `/d/d${index}#key`, role: 'own', title, openedAt: -index }
}

/** The start page of a device on which these were opened. */
async function home(list: readonly RecentDocument[]): Promise<QuireHome> {
  const element = document.createElement('quire-home')
  // What this page asks of them as long as nobody presses anything.
  element.surroundings = {
    platform: { isApple: false, isFirefox: false, isTouched: false },
    recents: { list, subscribe },
    documents: { unsaved: () => 0, subscribe },
    now: () => 0,
  } as unknown as Surroundings
  document.body.append(element)
  await element.updateComplete
  return element
}

const all = (element: QuireHome, selector: string): HTMLElement[] => [
  ...element.renderRoot.querySelectorAll<HTMLElement>(selector),
]

const titles = (element: QuireHome): string[] => all(element, '.title').map(({ textContent }) => textContent)

beforeEach(() => document.body.replaceChildren())

const notes = Array.from({ length: 2999 }, (_, index) => titled(`Note ${index}`, index))
const thousands = [...notes, titled('My thesis', 2999)]

test('a few documents are simply listed', async () => {
  const element = await home(notes.slice(0, 100))
  expect(titles(element)).toEqual(notes.slice(0, 100).map(({ title }) => title))
  expect(all(element, '.find, .more')).toEqual([])
})

test('of thousands the newest are, and more whenever somebody wants it', async () => {
  const element = await home(thousands)
  expect(titles(element)).toHaveLength(100)
  await userEvent.click(all(element, '.more')[0] ?? element)
  expect(titles(element)).toEqual(notes.slice(0, 200).map(({ title }) => title))
})

test('of thousands any is found by its title', async () => {
  const element = await home(thousands)
  await userEvent.fill(all(element, '.find')[0] ?? element, 'thesis')
  expect(titles(element)).toEqual(['My thesis'])
  expect(all(element, '.more')).toEqual([])
})

test('that nothing is called so is said', async () => {
  const element = await home(thousands)
  await userEvent.fill(all(element, '.find')[0] ?? element, 'poem ')
  expect(all(element, '[role=status]')[0]?.textContent.trim()).toBe('Nothing is called “poem”.')
})

test.each(['noted by an earlier page', 'known to this one'])(
  'what is not saved is forgotten after one question: %s',
  async (how) => {
    const isNoted = how.startsWith('noted')
    const element = await home([
      { ...titled('Thesis', 0), ...(isNoted && { isUnsaved: true }) },
      titled('Saved', 1),
    ])
    const forgotten: string[] = []
    Object.assign(element.surroundings, {
      documents: { unsaved: (id: string) => (id === 'd0' && !isNoted ? 2 : 0), subscribe },
    })
    Object.assign(element.surroundings.recents, { forget: (id: string) => forgotten.push(id) })
    const forget = (title: string): Promise<void> =>
      userEvent.click(page.getByRole('button', { name: `Forget ${title}` }))
    await forget('Saved')
    expect(forgotten).toEqual(['d1'])
    await forget('Thesis')
    const question = page.getByRole('dialog', { name: 'Forget “Thesis”?' })
    await userEvent.click(question.getByRole('button', { name: 'Keep it' }))
    expect(forgotten).toEqual(['d1'])
    await forget('Thesis')
    await userEvent.click(question.getByRole('button', { name: 'Forget it' }))
    await expect.poll(() => forgotten).toEqual(['d1', 'd0'])
  },
)
