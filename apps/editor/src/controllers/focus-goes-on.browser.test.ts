import { html, LitElement, type TemplateResult } from 'lit'
import { afterEach, expect, test } from 'vitest'
import { focusGoesOn } from './focus-goes-on.ts'

class Page extends LitElement {
  static override properties = { shown: {} }
  declare shown: string | undefined

  constructor() {
    super()
    this.shown = 'one'
    this.addController(
      focusGoesOn(
        () => this.text,
        () => this.text?.focus(),
      ),
    )
  }

  get text(): HTMLElement | null {
    return this.renderRoot.querySelector('textarea')
  }

  override render(): TemplateResult {
    if (this.shown === undefined) return html`<p>Opening…</p>`
    return this.shown === 'one' ? html`<textarea></textarea>` : html`<main><textarea></textarea></main>`
  }
}
customElements.define('test-page', Page)

async function page(): Promise<Page> {
  const made = new Page()
  document.body.append(made)
  await made.updateComplete
  return made
}

async function show(on: Page, shown: string | undefined): Promise<void> {
  on.shown = shown
  await on.updateComplete
}

afterEach(() => document.body.replaceChildren())

test('whoever was in the text is in the one that comes in its place', async () => {
  const at = await page()
  at.text?.focus()
  const before = at.text
  await show(at, undefined)
  await show(at, 'two')
  expect(at.text).not.toBe(before)
  expect(at.shadowRoot?.activeElement).toBe(at.text)
})

test('whoever was elsewhere, or has gone there, stays', async () => {
  const at = await page()
  const field = document.createElement('input')
  document.body.append(field)
  await show(at, undefined)
  await show(at, 'two')
  expect(at.shadowRoot?.activeElement).toBeNull()
  at.text?.focus()
  await show(at, undefined)
  field.focus()
  await show(at, 'one')
  expect(document.activeElement).toBe(field)
})
