import { expect, test } from 'vitest'
import manifest from './custom-elements.json' with { type: 'json' }
import { tokensOfPage } from './look.ts'
import { QuireEditor } from './quire-editor.ts'

const [declaration] = manifest.modules[0]?.declarations ?? []

test('what the manifest says of the element is so', () => {
  const { attributes = [], members = [], slots = [], cssProperties = [] } = declaration ?? {}
  expect(attributes.map(({ name }) => name).toSorted()).toEqual(QuireEditor.observedAttributes.toSorted())
  const editor = new QuireEditor()
  for (const { fieldName } of attributes) expect(fieldName in editor, fieldName).toBe(true)
  for (const { name } of members) expect(name in editor, name).toBe(true)
  expect(cssProperties.map(({ name }) => name)).toEqual(tokensOfPage.map((token) => `--quire-${token}`))
  expect(slots.map(({ name }) => name)).toEqual(['toolbar', 'status'])
})
