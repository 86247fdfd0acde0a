import { readSample, sampleNames } from '../support/sample-documents.ts'
import { expect, exactTextOf, saveState, test, textOf } from './stories.ts'

/** What is in them is in no other: every kind of character, and other ends of lines. */
const always = ['blns.txt', 'kubernetes-cheat-sheet-crlf.md']

for (const file of sampleNames) {
  const details = always.includes(file) ? {} : { tag: '@long' }
  test(`${file} opens unchanged, and typing in it changes only that`, details, async ({ server, person }) => {
    const text = readSample(file)
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
