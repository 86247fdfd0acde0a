import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textsIn } from './texts-in.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-import-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, content: string | Buffer): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

/** `file: what was found in it`, by the file's place in the folder. */
async function found(...paths: string[]): Promise<string[]> {
  const lines: string[] = []
  for await (const each of textsIn(paths.map((path) => join(folder, path)))) {
    const file = relative(folder, each.file)
    if (each.type === 'text') lines.push(`${file}: ${each.title} = ${JSON.stringify(each.text)}`)
    else lines.push(each.type === 'refused' ? `${file}: ${each.reason}` : `(${file})`)
  }
  return lines
}

describe('the texts in files and folders', () => {
  it('are read whatever Unicode they are in, with one kind of line break', async () => {
    const utf16 = Buffer.from('\uFEFFhé', 'utf16le')
    put('plain.txt', 'one\r\ntwo\rthree\n')
    put('marked.md', '\uFEFFhé')
    put('little.md', utf16)
    put('big.md', Buffer.from(utf16).swap16())
    put('empty.md', '')
    expect(await found('plain.txt', 'marked.md', 'little.md', 'big.md', 'empty.md')).toEqual([
      'plain.txt: plain = "one\\ntwo\\nthree\\n"',
      'marked.md: marked = "hé"',
      'little.md: little = "hé"',
      'big.md: big = "hé"',
      'empty.md: empty = ""',
    ])
  })

  it.each<[what: string, content: Buffer]>([
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
    ['Latin-1', Buffer.from('h\xE9', 'latin1')],
    ['text with a NUL', Buffer.from('a\0b')],
    ['half a letter of UTF-16', Buffer.from('fffe41', 'hex')],
    ['half a pair of UTF-16', Buffer.from('fffe00d8', 'hex')],
  ])('are not %s', async (_, content) => {
    put('a.md', content)
    expect(await found('a.md')).toEqual(['a.md: is no text in UTF-8 or UTF-16'])
  })

  it('of a folder are those in all folders within it, but for hidden ones, links, and files of other kinds', async () => {
    put('notes/b.md', 'b')
    put('notes/a.TXT', 'a')
    put('notes/deep/er/c.markdown', 'c')
    put('notes/picture.png', 'p')
    put('notes/.git/d.md', 'd')
    put('outside.md', 'o')
    symlinkSync(join(folder, 'outside.md'), join(folder, 'notes', 'e.md'))
    symlinkSync(join(folder, 'notes'), join(folder, 'notes', 'again'))
    expect(await found('notes')).toEqual([
      'notes/a.TXT: a = "a"',
      '(notes/again)',
      'notes/b.md: b = "b"',
      'notes/deep/er/c.markdown: c = "c"',
      '(notes/e.md)',
      '(notes/picture.png)',
    ])
  })

  it('are looked for further when one is not there', async () => {
    put('b.md', 'b')
    expect(await found('a.md', 'b.md')).toEqual(['a.md: is not there', 'b.md: b = "b"'])
  })
})
