import { describe, expect, it } from 'vitest'
import { sourceOf } from './source.ts'

const key = 'AAAAAAAAAAAAAAAAAAAAAA'
const jwt = `${btoa('{"alg":"EdDSA"}')}.${btoa('{"sub":"ada"}')}.c2ln`.replaceAll('=', '')
const nothing = { link: '', server: 'https://quire.example', doc: '', token: '' }

describe('what an element is to show', () => {
  it('is a text of its own if nothing says otherwise', () => {
    expect(sourceOf(nothing)).toEqual({ type: 'own' })
    expect(sourceOf({ ...nothing, token: key })).toEqual({ type: 'own' })
  })

  it('is what a whole link says, wherever the script came from', () => {
    const link = `https://elsewhere.example/d/minutes#${key}`
    expect(sourceOf({ ...nothing, link })).toEqual({
      type: 'document',
      server: 'https://elsewhere.example',
      pass: { type: 'link', documentId: 'minutes', key, href: link },
    })
  })

  it('is a document called whatever an application calls it', () => {
    const href = `https://quire.example/d/team%2Fnotes%201#${key}`
    const opened = {
      type: 'document',
      server: 'https://quire.example',
      pass: { type: 'link', documentId: 'team/notes 1', key, href },
    }
    expect(sourceOf({ ...nothing, doc: 'team/notes 1', token: key })).toEqual(opened)
    expect(sourceOf({ ...nothing, link: href })).toEqual(opened)
  })

  it('is what a token opens, the one beside the link rather than the one within', () => {
    const opened = {
      type: 'document',
      server: 'https://quire.example',
      pass: { type: 'token', documentId: 'minutes', token: jwt },
    }
    expect(sourceOf({ ...nothing, doc: 'minutes', token: jwt })).toEqual(opened)
    expect(sourceOf({ ...nothing, link: `https://quire.example/d/minutes#token=${jwt}` })).toEqual(opened)
    expect(sourceOf({ ...nothing, link: 'https://quire.example/d/minutes#token=a.b.c', token: jwt })).toEqual(
      opened,
    )
  })

  it('is to be opened with a token that the page gives', () => {
    const awaited = { type: 'awaited', server: 'https://quire.example', documentId: 'minutes' }
    const getToken = () => jwt
    expect(sourceOf({ ...nothing, doc: 'minutes', getToken })).toEqual(awaited)
    expect(sourceOf({ ...nothing, link: 'https://quire.example/d/minutes', getToken })).toEqual(awaited)
    expect(sourceOf({ ...nothing, doc: 'minutes', server: 'quire', getToken })).toEqual({
      type: 'incomplete',
    })
    expect(sourceOf({ ...nothing, getToken })).toEqual({ type: 'own' })
  })

  it.each([
    ['a document without a key', { doc: 'minutes' }],
    ['a link without a key', { link: 'https://quire.example/d/minutes' }],
    ['a link to something else', { link: 'https://quire.example/' }],
    ['a link that is none', { link: 'minutes' }],
    ['a link that is a script', { link: `javascript:alert(1)//d/minutes#${key}` }],
    ['a document called by half a letter', { doc: 'minutes \ud83d', token: key }],
    ['a server that is none', { doc: 'minutes', token: key, server: 'quire' }],
    ['a server that is a file', { doc: 'minutes', token: key, server: 'file:///etc' }],
  ])('is nothing for %s', (_what, said) => {
    expect(sourceOf({ ...nothing, ...said })).toEqual({ type: 'incomplete' })
  })
})
