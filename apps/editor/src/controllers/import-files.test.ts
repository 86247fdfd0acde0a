import { expect, test } from 'vitest'
import { importFiles } from './import-files.ts'
import type { RecentDocument } from './recent-documents.ts'
import type { Answer, DocumentsServer, NewDocument } from './surroundings.ts'

/** A server that makes documents named after how many there were, or fails with these words. */
function world(failing?: string) {
  const made: NewDocument[] = []
  const remembered: RecentDocument[] = []
  const create = async (document?: NewDocument): Promise<Answer<string>> => {
    if (failing !== undefined) return { type: 'failed', words: failing }
    if (document) made.push(document)
    return { type: 'given', value: `https://quire.example/d/${made.length}#AAAAAAAAAAAAAAAAAAAAAA` }
  }
  return {
    made,
    remembered,
    // As much of it as is asked.
    server: { create } as DocumentsServer,
    recents: {
      list: [],
      remember: (document: RecentDocument) => void remembered.push(document),
      forget: () => undefined,
      noteUnsaved: () => undefined,
      subscribe: () => () => undefined,
    },
    now: () => 7,
  }
}

const fileOf = (name: string, content: BlobPart): File => new File([content], name)

test('each file becomes a document of its own, in their order, and is remembered', async () => {
  const here = world()
  const { paths, failures } = await importFiles([fileOf('b.md', '# B'), fileOf('a.py', 'print(1)')], here)
  expect(failures).toEqual([])
  expect(paths).toEqual(['/d/1#AAAAAAAAAAAAAAAAAAAAAA', '/d/2#AAAAAAAAAAAAAAAAAAAAAA'])
  expect(here.made).toEqual([
    { title: 'B', text: '# B', language: '' },
    { title: 'a.py', text: 'print(1)', language: 'python' },
  ])
  expect(here.remembered.map(({ title, role, openedAt }) => [title, role, openedAt])).toEqual([
    ['B', 'own', 7],
    ['a.py', 'own', 7],
  ])
})

test('a file that is no text is told, and keeps no other from being one', async () => {
  const here = world()
  const picture = fileOf('picture.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47]))
  const { paths, failures } = await importFiles([picture, fileOf('a.md', 'A')], here)
  expect(paths).toHaveLength(1)
  expect(failures).toEqual([expect.stringContaining('“picture.png” is not a text')])
})

test('what the server says of a file is passed on', async () => {
  const { paths, failures } = await importFiles([fileOf('a.md', 'A')], world('The server is stopping.'))
  expect(paths).toEqual([])
  expect(failures).toEqual(['“a.md” did not become a document. The server is stopping.'])
})

test('a file that is gone by now is told', async () => {
  const gone = Object.assign(fileOf('a.md', 'A'), {
    arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
  })
  expect((await importFiles([gone], world())).failures).toEqual(['“a.md” cannot be read.'])
})
