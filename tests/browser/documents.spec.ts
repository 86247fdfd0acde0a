import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, exactTextOf, saveState, test, textOf } from './stories.ts'

const folder =
  process.env['QUIRE_DOCUMENTS'] ?? fileURLToPath(new URL('../../../shared/documents', import.meta.url))

function filesIn(path: string): string[] {
  try {
    return readdirSync(path).filter((name) => /^[^.].*\.(md|txt|json)$/.test(name) && name !== 'README.md')
  } catch {
    return []
  }
}

const files = filesIn(folder)

test('real documents open in the editor', () => {
  test.skip(files.length === 0, 'no sample documents here: set QUIRE_DOCUMENTS to a folder of text files')
  expect(files.length).toBeGreaterThan(0)
})

for (const file of files) {
  test(`${file} opens unchanged, and typing in it changes only that`, async ({ server, person }) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const made = await fetch(`${server.url}/api/documents`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    })
    const { links } = (await made.json()) as { links: { edit: string } } // the API's contract, tested elsewhere
    const anna = await person('Anna')
    await anna.goto(links.edit)
    await expect(textOf(anna)).toBeVisible()
    expect(await exactTextOf(anna)).toBe(text)

    await textOf(anna).focus()
    await anna.keyboard.press('ControlOrMeta+End')
    await anna.keyboard.type('end')
    await expect(saveState(anna)).toHaveText('Saved')
    const [, documentId = '', key = ''] = /\/d\/([^#]+)#(.+)$/.exec(links.edit) ?? []
    const served = await fetch(`${server.url}/api/documents/${documentId}/text`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(await served.text()).toBe(`${text}end`)
  })
}
