import { describe, expect, it } from 'vitest'
import { isFromFrame, isToFrame } from './messages.ts'

const words = { pictureFrom: '', showPictures: '', diagramFailed: '', title: '' }

describe('what goes into the frame', () => {
  it.each([
    { type: 'dress', theme: 'dark', words, pictures: false },
    { type: 'faces', faces: [{ weight: '400', style: 'normal', data: new ArrayBuffer(1) }] },
    { type: 'show', text: '', language: 'markdown' },
    { type: 'scroll', line: 1.5 },
    { type: 'part', part: 'math', code: '' },
    { type: 'colours', id: 1, spans: [[0, 1, 'keyword']] },
    { type: 'html-wanted', id: 1, purpose: 'page' },
    { type: 'print', title: '' },
    { type: 'part-missing', part: 'math' },
  ])('$type', (message) => expect(isToFrame(message)).toBe(true))

  it.each([
    ['nothing', undefined],
    ['a name', 'show'],
    ['a list', ['show']],
    ['an unknown name', { type: 'run', code: '' }],
    ['the name of something every object has', { type: 'constructor' }],
    ['half a message', { type: 'show' }],
    ['another kind of value', { type: 'show', text: 1, language: 'markdown' }],
    ['a line that is no number', { type: 'scroll', line: Number.NaN }],
    ['classes that end an attribute', { type: 'colours', id: 1, spans: [[0, 1, 'a"b']] }],
    ['what only comes out of the frame', { type: 'ready' }],
  ])('is not %s', (_, message) => expect(isToFrame(message)).toBe(false))
})

describe('what comes out of the frame', () => {
  it.each([
    { type: 'ready' },
    { type: 'busy' },
    { type: 'shown' },
    { type: 'scrolled', line: 0 },
    { type: 'open', href: '' },
    { type: 'pictures-wanted' },
    { type: 'part-wanted', part: 'diagrams' },
    { type: 'code', id: 1, language: '', code: '' },
    { type: 'html', id: 1, html: '' },
    { type: 'print-wanted' },
    { type: 'printed' },
    { type: 'leave' },
    { type: 'escape' },
    { type: 'palette-wanted' },
  ])('$type', (message) => expect(isFromFrame(message)).toBe(true))

  it.each([
    ['a part that is none', { type: 'part-wanted', part: '../../api' }],
    ['a line below nothing', { type: 'scrolled', line: -1 }],
    ['what only goes into the frame', { type: 'print', title: '' }],
  ])('is not %s', (_, message) => expect(isFromFrame(message)).toBe(false))
})
