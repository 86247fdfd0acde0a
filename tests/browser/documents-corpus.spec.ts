/**
 * Real documents by others, as people have them: chosen as files, opened, written in, downloaded as they were, and read beside
 * it. How long that took is printed and bounded by nothing: how busy a machine is says nothing about a text.
 */
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { Page } from '@playwright/test'
import { readSample, sampleNames } from '../support/sample-documents.ts'
import { openPreview, renderedHtml, shownText } from './preview.ts'
import { expect as soon, exactTextOf, saveState, test, textOf, untilReady } from './stories.ts'

const expect = soon.configure({ timeout: 60_000 })

interface File {
  readonly name: string
  readonly bytes: Buffer
}

async function choose(page: Page, { name, bytes }: File): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files…' }).click()
  await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer: bytes })
}

async function downloaded(page: Page, command: string): Promise<Buffer> {
  const download = page.waitForEvent('download')
  await page.keyboard.press('F1')
  await page.getByRole('combobox', { name: 'What would you like to do?' }).fill(command)
  await page.keyboard.press('Enter')
  return readFileSync(await (await download).path())
}

/** Until the file is a text that can be typed into. */
async function openFile(page: Page, server: { readonly url: string }, file: File): Promise<void> {
  await page.goto(server.url)
  await choose(page, file)
  await expect(textOf(page)).toBeVisible()
  await untilReady(page)
}

/** Whether both are the same, without printing megabytes if they are not. */
function firstDifference(a: Buffer, b: Buffer): number {
  if (a.equals(b)) return -1
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at === -1 ? a.length : at
}

for (const name of sampleNames)
  test(
    `${name} is imported, written in, downloaded unchanged and previewed`,
    { tag: '@long' },
    async ({ server, person }) => {
      const bytes = Buffer.from(readSample(name))
      const anna = await person('Anna')
      const chosenAt = performance.now()
      await openFile(anna, server, { name, bytes })
      const editableMs = performance.now() - chosenAt
      expect(firstDifference(Buffer.from((await exactTextOf(anna)) ?? ''), bytes)).toBe(-1)

      await textOf(anna).focus()
      await anna.keyboard.press('ControlOrMeta+Home')
      await anna.keyboard.type('x')
      await expect.poll(async () => (await exactTextOf(anna))?.startsWith('x')).toBe(true)
      await anna.keyboard.press('ControlOrMeta+z')
      await expect(saveState(anna)).toHaveText('Saved')
      const ending = extname(name) === '.json' ? 'Download as .json' : 'Download as .md'
      const command = extname(name) === '.txt' ? 'Download as .txt' : ending
      expect(firstDifference(await downloaded(anna, command), bytes), 'downloaded as it was').toBe(-1)

      const askedAt = performance.now()
      const preview = await openPreview(anna)
      await renderedHtml(anna)
      const previewMs = performance.now() - askedAt
      expect((await shownText(preview)).length).toBeGreaterThan(bytes.toString().length / 3)
      console.log(
        `| ${name} | ${(bytes.length / 1024).toFixed(0)} KiB | ${editableMs.toFixed(0)} ms | ${previewMs.toFixed(0)} ms |`,
      )
    },
  )

test('what stands in a file besides words stays in it, with one kind of line end, or the file is refused with words', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  const kept: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['a mark of the encoding.md', Buffer.from('\ufeff# Title\r\n\r\nwords')],
    ['every end of a line.txt', Buffer.from('a\r\nb\rc\nd\u2028e\u2029f\u0085g\v\f\n\r')],
    ['no end.md', Buffer.from('no end')],
    ['nothing.md', Buffer.from('')],
    ['control.txt', Buffer.from('\u0001\u0008\u001b[31m\u007f\u009b \ufffe \u{1ffff} \ufffd')],
    ['combining.txt', Buffer.from('e\u0301 \u00e9 \u1100\u1161\u11a8 \uac01 \u212b \u00c5')],
    ['one long line.txt', Buffer.from('x '.repeat(100_000))],
  ]
  for (const [name, bytes] of kept) {
    // oxlint-disable no-await-in-loop -- one after the other
    await openFile(anna, server, { name, bytes })
    const command = name.endsWith('.md') ? 'Download as .md' : 'Download as .txt'
    const expected = Buffer.from(bytes.toString().replaceAll(/\r\n?/gu, '\n'))
    expect(firstDifference(await downloaded(anna, command), expected), name).toBe(-1)
  }
  await anna.goto(server.url)
  for (const [name, bytes] of [
    ['Latin.txt', Buffer.from([0x66, 0xfc, 0x72])],
    ['cut.txt', Buffer.from([0x61, 0xe2, 0x82])],
    ['surrogate.txt', Buffer.from([0xed, 0xa0, 0x80])],
    ['null.txt', Buffer.from('a\0b')],
  ] as const) {
    await choose(anna, { name, bytes })
    await expect(anna.getByRole('alert')).toHaveText(`“${name}” is not a text, or not in Unicode (UTF-8).`)
    // oxlint-enable no-await-in-loop
  }
})
