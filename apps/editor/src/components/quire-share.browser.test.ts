import type { Role } from '@quire/protocol'
import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { Answer, SharedLink, Surroundings } from '../controllers/surroundings.ts'
import '../look/page.css'
import { learn } from '../words/index.ts'
import './quire-share.ts'
import type { QuireShare } from './quire-share.ts'

await learn('en')
afterEach(() => document.body.replaceChildren())

function linkFor(role: Role): SharedLink {
  const url = `https://quire.test/d/birds#${role}`
  const rights = { role, label: '', presence: true, expiresAt: undefined, maxUses: undefined, uses: 0 }
  return { id: role, url, createdAt: 0, ...rights }
}

const desk = { isApple: false, isFirefox: false, isTouched: false }
const phone = { ...desk, isTouched: true }

const given = { type: 'given', value: [linkFor('own'), linkFor('view'), linkFor('edit')] } as const

interface Owner {
  readonly share: QuireShare
  readonly shown: Promise<void>
  readonly answer: (answer: Answer<readonly SharedLink[]>) => void
  /** The words of what has the focus. */
  readonly focused: () => string | undefined
}

/** Who has asked for the links, and is not answered yet. */
async function owner(device: Partial<Surroundings> = {}): Promise<Owner> {
  const asked = Promise.withResolvers<Answer<readonly SharedLink[]>>()
  const share = document.createElement('quire-share')
  const server = { links: () => asked.promise }
  share.surroundings = { server, now: () => 0, platform: desk, ...device } as unknown as Surroundings
  share.link = { type: 'link', documentId: 'birds', key: 'key', href: '' }
  share.access = 'own'
  document.body.append(share)
  const shown = share.show()
  await expect.poll(() => share.renderRoot.querySelector('dialog')?.open).toBe(true)
  const focused = (): string | undefined => {
    const active = share.shadowRoot?.activeElement
    return active?.ariaLabel ?? active?.textContent.trim()
  }
  return { share, shown, answer: asked.resolve, focused }
}

test('the first link is at hand as soon as it is there', async () => {
  const { shown, answer, focused } = await owner()
  answer(given)
  await shown
  expect(focused()).toBe('Copy link: Can edit')
})

test('whoever has gone elsewhere meanwhile stays there', async () => {
  const { share, shown, answer, focused } = await owner()
  share.renderRoot.querySelector<HTMLElement>('.ending .bare')?.focus()
  answer(given)
  await shown
  expect(focused()).toBe('More…')
})

test('links that could not be had can be asked for again', async () => {
  const { shown, answer, focused } = await owner()
  answer({ type: 'failed', words: 'The server does not answer.' })
  await shown
  expect(focused()).toBe('Try again')
})

/** Who has the links. */
async function withLinks(device: Partial<Surroundings>): Promise<QuireShare> {
  const { share, shown, answer } = await owner(device)
  answer(given)
  await shown
  return share
}

function sending({ renderRoot }: QuireShare): HTMLElement | null {
  return renderRoot.querySelector('[aria-label="Send: Can view"]')
}

test('on a phone a link is handed to another application', async () => {
  const sent: unknown[] = []
  const send = async (link: unknown): Promise<void> => void sent.push(link)
  const share = await withLinks({ platform: phone, send })
  sending(share)?.click()
  expect(sent).toEqual([{ title: 'Untitled', url: 'https://quire.test/d/birds#view' }])
})

test.each([
  ['on a desk', { platform: desk, send: async () => undefined }],
  ['where the system has no way to', { platform: phone, send: undefined }],
])('%s it is not', async (_where, device) => {
  expect(sending(await withLinks(device))).toBeNull()
})

test('however far somebody has zoomed in, they begin at the top', async () => {
  await page.viewport(320, 256)
  const { share, shown, answer } = await owner()
  const scrolled = (): number | undefined => share.renderRoot.querySelector('dialog')?.scrollTop
  expect(scrolled()).toBe(0)
  answer(given)
  await shown
  expect(scrolled()).toBe(0)
})
