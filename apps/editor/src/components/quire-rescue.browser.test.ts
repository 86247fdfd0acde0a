import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { Draft } from '../session/rescue.ts'
import '../look/page.css'
import './quire-rescue.ts'
import type { QuireRescue } from './quire-rescue.ts'

const notes: Draft = { title: 'Notes', text: 'We met at the bridge.\n\nIt was late.' }

/** On the page, below the button by which somebody comes to it. */
function panel(
  own: Partial<Draft>,
  options: Partial<Pick<QuireRescue, 'mayReapply' | 'mayDiscard' | 'copy'>> = {},
) {
  const opener = document.createElement('button')
  const element = document.createElement('quire-rescue')
  const [copy, download, left] = [vi.fn(async () => true), vi.fn(), vi.fn()]
  Object.assign(element, {
    rescue: { saved: notes, own: { ...notes, ...own } },
    reason: 'Your link no longer allows editing.',
    copy,
    download,
    ...options,
  })
  for (const type of ['reapply', 'discard'])
    element.addEventListener(type, () => left(type, dialogOf(element).open))
  document.body.append(opener, element)
  opener.focus()
  return { opener, element, copy, download, left }
}

const all = (element: QuireRescue, selector: string): HTMLElement[] => [
  ...element.renderRoot.querySelectorAll<HTMLElement>(selector),
]

function dialogOf(element: QuireRescue): HTMLDialogElement {
  const dialog = element.renderRoot.querySelector('dialog')
  if (!dialog) throw new Error('the panel is not rendered yet')
  return dialog
}

const textsOf = (element: QuireRescue, selector: string): string[] =>
  all(element, selector).map(({ textContent }) => textContent)

const buttons = (element: QuireRescue): string[] =>
  textsOf(element, '.ending button').map((words) => words.trim())

function button(element: QuireRescue, words: string): HTMLElement {
  const found = all(element, '.ending button').find(({ textContent }) => textContent.trim() === words)
  if (!found) throw new Error(`there is no button “${words}”`)
  return found
}

const focused = (element: QuireRescue): string | undefined =>
  element.renderRoot instanceof ShadowRoot ? element.renderRoot.activeElement?.textContent.trim() : undefined

beforeEach(() => {
  document.body.replaceChildren()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('what is shown', () => {
  test('is what was written and what was taken out, each said in a word too', async () => {
    const { element } = panel({ title: 'Notes, November', text: 'We met at the north bridge.\n\n' })
    await element.show()
    expect(textsOf(element, 'ins')).toEqual(['added: , November', 'added: north '])
    expect(textsOf(element, 'del')).toEqual(['removed: It was late.\n'])
    expect(textsOf(element, '#reason')).toEqual([
      'Your link no longer allows editing. What is marked here is not saved: copy or download it to keep it.',
    ])
  })

  test('is text, whatever somebody has written', async () => {
    const text = '<img src=x onerror="alert(1)"><b>bold</b>'
    const { element } = panel({ text })
    await element.show()
    expect(textsOf(element, 'ins')).toEqual([`added: ${text}\n`])
    expect(all(element, '.changes img, .changes b')).toEqual([])
  })

  test('is each line from the side on which its language begins', async () => {
    const { element } = panel({ text: `${notes.text}\nשורה חדשה.\nA line.` })
    await element.show()
    const [block] = all(element, 'ins')
    const text = [...(block?.childNodes ?? [])].find((node) => node instanceof Text)
    if (!block || !text) throw new Error('no lines are shown')
    const rightOf = (from: number): number => {
      const range = document.createRange()
      range.setStart(text, from)
      range.setEnd(text, from + 1)
      return range.getBoundingClientRect().right
    }
    const edge = block.getBoundingClientRect()
    expect(edge.right - rightOf(text.data.indexOf('ש'))).toBeLessThan(40)
    expect(rightOf(text.data.indexOf('A'))).toBeLessThan(edge.left + 40)
  })

  test('keeps empty lines as high as others', async () => {
    const { element } = panel({ text: `${notes.text}\n\n\n` })
    await element.show()
    const [block] = all(element, 'ins.lines')
    const line = Number.parseFloat(getComputedStyle(block ?? element).lineHeight)
    expect(Math.round((block?.clientHeight ?? 0) / line)).toBe(3)
  })

  test('is that nothing is missing, if nothing is', async () => {
    const { element } = panel({}, { mayReapply: true, mayDiscard: true })
    await element.show()
    expect(textsOf(element, '#reason')).toEqual(['Nothing of yours is missing.'])
    expect(buttons(element)).toEqual(['Copy the whole text', 'Download'])
  })

  test('follows what is written while somebody looks, and only then', async () => {
    const { element } = panel({ text: `${notes.text} Late!` })
    await element.show()
    element.rescue = { saved: notes, own: { ...notes, text: `${notes.text} Very late!` } }
    await element.updateComplete
    expect(textsOf(element, 'ins')).toEqual(['added:  Very late!'])
    dialogOf(element).close()
    element.rescue = { saved: notes, own: notes }
    await element.updateComplete
    expect(textsOf(element, 'ins')).toEqual(['added:  Very late!'])
    await element.show()
    expect(textsOf(element, 'ins')).toEqual([])
  })

  test('scrolls, however much it is, between words and buttons that stay', async () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `Line ${index} of what I wrote.`)
    const { element } = panel({ text: lines.join('\n') }, { mayDiscard: true, mayReapply: true })
    await element.show()
    const [changes] = all(element, '.changes')
    expect(changes?.scrollHeight).toBeGreaterThan(10_000)
    for (const act of all(element, '.ending button, .close')) {
      const { top, bottom } = act.getBoundingClientRect()
      expect(top).toBeGreaterThan(0)
      expect(bottom).toBeLessThan(innerHeight)
    }
  })

  test('breaks a line without spaces rather than grow wider than the page', async () => {
    const { element } = panel({ text: 'x'.repeat(5000), title: 'y'.repeat(500) })
    await element.show()
    const dialog = dialogOf(element)
    expect(dialog.scrollWidth).toBe(dialog.clientWidth)
    for (const changes of all(element, '.changes')) expect(changes.scrollWidth).toBe(changes.clientWidth)
  })
})

describe('what somebody takes along', () => {
  test('is what they wrote, or the whole text', async () => {
    const own = { text: `${notes.text}\nMore.` }
    const { element, copy } = panel(own)
    await element.show()
    button(element, 'Copy what I wrote').click()
    button(element, 'Copy the whole text').click()
    expect(copy.mock.calls).toEqual([['More.'], [own.text]])
    await expect
      .poll(() => element.renderRoot.querySelector('quire-toast')?.renderRoot.textContent)
      .toContain('is copied')
  })

  test('is a file named after the title', async () => {
    const own = { title: 'Plan 1/2', text: 'New.' }
    const { element, download } = panel(own)
    await element.show()
    button(element, 'Download').click()
    expect(download.mock.calls).toEqual([['Plan 1 2.md', 'New.']])
  })

  test('is offered once if the whole text is theirs, and not if it is empty', async () => {
    const { element } = panel({ title: '', text: '' })
    await element.show()
    expect(buttons(element)).toEqual([])
    element.rescue = { saved: { title: 'T', text: '' }, own: { title: 'T', text: 'Mine.\n' } }
    await element.updateComplete
    expect(buttons(element)).toEqual(['Copy the whole text', 'Download'])
  })

  test('is told to be downloaded if it cannot be copied', async () => {
    const { element } = panel({ text: 'New.' }, { copy: async () => false })
    await element.show()
    button(element, 'Copy the whole text').click()
    await expect
      .poll(() => element.renderRoot.querySelector('quire-toast')?.renderRoot.textContent)
      .toContain('Download the text instead.')
  })
})

describe('what becomes of it', () => {
  test('is only offered where it is possible', async () => {
    const { element } = panel({ text: `${notes.text}\nMore.` })
    await element.show()
    expect(buttons(element)).toEqual(['Copy what I wrote', 'Copy the whole text', 'Download'])
    element.mayReapply = true
    element.mayDiscard = true
    await element.updateComplete
    expect(buttons(element)).toEqual([
      'Put it back',
      'Copy what I wrote',
      'Copy the whole text',
      'Download',
      'Discard…',
    ])
  })

  test('is that it is put back, after the dialog has closed', async () => {
    const { element, left } = panel({ text: 'New.' }, { mayReapply: true })
    await element.show()
    button(element, 'Put it back').click()
    expect(left.mock.calls).toEqual([['reapply', false]])
  })

  test('is that it is discarded, once that has been asked', async () => {
    const { element, left } = panel({ text: 'New.' }, { mayDiscard: true })
    await element.show()
    button(element, 'Discard…').click()
    await expect.poll(() => focused(element)).toBe('Keep them')
    expect(left).not.toHaveBeenCalled()
    button(element, 'Discard my edits').click()
    expect(left.mock.calls).toEqual([['discard', false]])
  })

  test('is nothing if somebody thinks better of it', async () => {
    const { element, left } = panel({ text: 'New.' }, { mayDiscard: true })
    await element.show()
    button(element, 'Discard…').click()
    await expect.poll(() => focused(element)).toBe('Keep them')
    button(element, 'Keep them').click()
    await expect.poll(() => focused(element)).toBe('Discard…')
    button(element, 'Discard…').click()
    dialogOf(element).close()
    await element.show()
    expect(buttons(element)).toContain('Discard…')
    expect(left).not.toHaveBeenCalled()
  })
})

describe('by keyboard', () => {
  test('one begins at the first thing to do, and comes to all others and to the text', async () => {
    const { element } = panel({ text: `${notes.text}\nMore.` }, { mayReapply: true, mayDiscard: true })
    await element.show()
    const walk = [focused(element)]
    for (let step = 0; step < 4; step++) {
      await userEvent.tab()
      walk.push(focused(element))
    }
    expect(walk).toEqual(['Put it back', 'Copy what I wrote', 'Copy the whole text', 'Download', 'Discard…'])
    button(element, 'Put it back').focus()
    await userEvent.tab({ shift: true })
    expect(element.shadowRoot?.activeElement?.className).toBe('changes')
    await userEvent.tab({ shift: true })
    expect(element.shadowRoot?.activeElement?.ariaLabel).toBe('Close')
  })

  test('Escape leads back to where one came from', async () => {
    const { element, opener } = panel({ text: 'New.' })
    await element.show()
    expect(document.activeElement).toBe(element)
    await userEvent.keyboard('{Escape}')
    expect(dialogOf(element).open).toBe(false)
    expect(document.activeElement).toBe(opener)
  })
})

test('a click beside the dialog closes it, and one into it does not', async () => {
  const { element, opener } = panel({ text: 'New.' })
  await element.show()
  all(element, '.changes')[0]?.click()
  expect(dialogOf(element).open).toBe(true)
  dialogOf(element).click()
  expect(dialogOf(element).open).toBe(false)
  expect(document.activeElement).toBe(opener)
})
