import { afterEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { PageCommand } from '../controllers/page-commands.ts'
import { learn } from '../words/index.ts'
import './quire-more.ts'
import type { QuireMore } from './quire-more.ts'

await learn('en')
afterEach(() => document.body.replaceChildren())

function command(title: string): PageCommand {
  return { id: title, title, keys: [], run: () => undefined }
}

async function menu(): Promise<QuireMore> {
  const more = document.createElement('quire-more')
  more.groups = [[command('Preview'), command('Outline')], [command('Settings')]]
  document.body.append(more)
  await more.updateComplete
  more.renderRoot.querySelector('button')?.focus()
  return more
}

const focused = (more: QuireMore): string | undefined => more.shadowRoot?.activeElement?.textContent.trim()

test.each([
  ['ArrowDown', 'Preview'],
  ['ArrowUp', 'Settings'],
  ['Enter', 'Preview'],
])('%s on its button opens the menu at “%s”', async (key, item) => {
  const more = await menu()
  await userEvent.keyboard(`{${key}}`)
  await expect.poll(() => focused(more)).toBe(item)
})

test('the arrow with which it was opened counts once', async () => {
  const more = await menu()
  await userEvent.keyboard('{ArrowUp}')
  await expect.poll(() => focused(more)).toBe('Settings')
  await userEvent.keyboard('{Escape}{Enter}')
  await expect.poll(() => focused(more)).toBe('Preview')
})
