import { expect, test } from 'vitest'
import {
  copyNameOf,
  documentPathOf,
  entranceOf,
  linkTo,
  pathOf,
  routeOf as routeFrom,
  textPathOf,
  type DocumentLink,
  type DocumentToken,
  type Route,
} from './route.ts'

const key = 'AAAAAAAAAAAAAAAAAAAAAA'
const site = 'https://quire.example'
const routeOf = (href: string, tokens: Readonly<Record<string, string>> = {}): Route =>
  routeFrom(href, (documentId) => tokens[documentId])

test('the start page', () => {
  expect(routeOf(`${site}/`)).toEqual({ type: 'home' })
  expect(routeOf(`${site}/#top`)).toEqual({ type: 'home' })
})

test('a whole link opens its document', () => {
  const href = `${site}/d/field-notes#${key}`
  expect(routeOf(href)).toEqual({
    type: 'document',
    pass: { type: 'link', documentId: 'field-notes', key, href },
  })
})

test('a link without its whole key is told apart from an unknown address', () => {
  expect(routeOf(`${site}/d/field-notes`)).toEqual({ type: 'broken-link' })
  expect(routeOf(`${site}/d/field-notes#AAAA`)).toEqual({ type: 'broken-link' })
  expect(routeOf(`${site}/somewhere`)).toEqual({ type: 'nowhere' })
})

test('the path of a document leads back to it', () => {
  const path = pathOf({ documentId: 'a', key })
  expect(routeOf(site + path)).toEqual({
    type: 'document',
    pass: { type: 'link', documentId: 'a', key, href: site + path },
  })
})

test.each(['team/notes 1', 'a/text', '100 %', 'a#b', 'größe', 'a&at=b'])(
  'whatever a document is called, its addresses lead to it: %s',
  (documentId) => {
    const path = pathOf({ documentId, key })
    const pass: DocumentLink = { type: 'link', documentId, key, href: site + path }
    expect(routeOf(site + path)).toEqual({ type: 'document', pass })
    expect(routeOf(site + textPathOf(pass))).toMatchObject({ type: 'text', pass: { documentId, key } })
    const token: DocumentToken = { type: 'token', documentId, token: 'e30.e30.c2ln' }
    const tokens = { [documentId]: token.token }
    expect(routeOf(site + documentPathOf(token), tokens)).toEqual({ type: 'document', pass: token })
  },
)

test('a document called as another one’s copy for somebody keeps its own copy', () => {
  const token: DocumentToken = { type: 'token', documentId: 'a', token: `e30.${btoa('{"sub":"ada"}')}.c2ln` }
  const link: DocumentLink = { type: 'link', documentId: 'a/ada', key, href: '' }
  expect(copyNameOf(token)).toBe('quire/a/ada')
  expect(copyNameOf(link)).not.toBe(copyNameOf(token))
  expect(copyNameOf({ ...link, documentId: 'a-Z_9' })).toBe('quire/a-Z_9')
})

test('a link may lead to a line; what stands there is not read here', () => {
  const link = `${site}/d/a#${key}`
  const pass: DocumentLink = { type: 'link', documentId: 'a', key, href: link }
  expect(routeOf(linkTo(link, 'AbC_-1'))).toEqual({ type: 'document', pass: { ...pass, place: 'AbC_-1' } })
  expect(routeOf(`${link}&at=`)).toEqual({ type: 'document', pass: { ...pass, place: '' } })
  expect(routeOf(`${link}&else=1`)).toEqual({ type: 'broken-link' })
  expect(entranceOf({ ...pass, place: 'AbC' })).toBe(`/d/a#${key}`)
})

test('the text of a document has an address of its own', () => {
  const pass: DocumentLink = { type: 'link', documentId: 'a', key, href: `${site}/d/a#${key}` }
  expect(routeOf(site + textPathOf(pass))).toEqual({ type: 'text', pass })
  const token: DocumentToken = { type: 'token', documentId: 'a', token: 'e30.e30.c2ln' }
  expect(routeOf(site + textPathOf(token), { a: token.token })).toEqual({ type: 'text', pass: token })
  expect(routeOf(`${site}/d/a/text`)).toEqual({ type: 'broken-link' })
  expect(routeOf(`${site}/d/a/texts#${key}`)).toEqual({ type: 'broken-link' })
})

test('a document whose token was handed over opens without a key', () => {
  const pass = { type: 'token', documentId: 'a', token: 'e30.e30.c2ln' }
  expect(routeOf(`${site}/d/a`, { a: pass.token })).toEqual({ type: 'document', pass })
  expect(routeOf(`${site}/d/b`, { a: pass.token })).toEqual({ type: 'broken-link' })
})

test('a key counts more than a token that was handed over, and half a key is not made up for by one', () => {
  expect(routeOf(`${site}/d/a#${key}`, { a: 'e30.e30.c2ln' })).toMatchObject({ pass: { type: 'link' } })
  expect(routeOf(`${site}/d/a#${key.slice(1)}`, { a: 'e30.e30.c2ln' })).toEqual({ type: 'broken-link' })
})

test('a newer token leads to the same place, somebody else’s to another', () => {
  const pass = (claims: string): DocumentToken => ({
    type: 'token',
    documentId: 'a',
    token: `e30.${btoa(claims).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.c2ln`,
  })
  const ada = entranceOf(pass('{"sub":"ada","exp":1}'))
  expect(entranceOf(pass('{"exp":2,"sub":"ada"}'))).toBe(ada)
  expect(entranceOf({ ...pass('{"sub":"ada"}'), documentId: 'b' })).not.toBe(ada)
  for (const other of ['{"sub":"bo"}', '{"sub":"ädä>?"}', '{}', 'null', '{"sub":"ada"'])
    expect(entranceOf(pass(other))).not.toBe(ada)
})
