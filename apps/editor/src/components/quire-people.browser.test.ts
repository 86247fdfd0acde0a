import { userEvent } from 'vitest/browser'
import { afterEach, expect, test } from 'vitest'
import { learn } from '../words/index.ts'
import './quire-people.ts'

await learn('en')
afterEach(() => document.body.replaceChildren())

test('whoever has said with Enter how they are called is back at the button that opened the list', async () => {
  const self = { id: 'anna', name: 'Anna', colour: '#a33', isSelf: true, clientIds: [1] }
  const people = Object.assign(document.createElement('quire-people'), { people: [self], mayRename: true })
  const names: unknown[] = []
  people.addEventListener('rename', (event) => names.push((event as CustomEvent).detail))
  document.body.append(people)
  await people.updateComplete
  const here = people.renderRoot.querySelector<HTMLElement>('.here')
  here?.click()
  await userEvent.fill(people.renderRoot.querySelector('.field') ?? people, 'Bodil')
  await userEvent.keyboard('{Enter}')
  expect(names).toEqual(['Bodil'])
  expect(people.renderRoot.querySelector('.list:popover-open')).toBeNull()
  expect(people.shadowRoot?.activeElement).toBe(here)
})
