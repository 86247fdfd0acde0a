import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanColour, cleanName, colourOf, maxNameCodePoints, palette, readUser, unnamed } from './people.ts'
import { texts } from './testing/texts.ts'

describe('a name', () => {
  it.each([
    ['as it is', 'Ada Lovelace', 'Ada Lovelace'],
    ['in other scripts', 'עדה 艾达 Ада', 'עדה 艾达 Ада'],
    ['with joined emoji', '👩‍💻', '👩‍💻'],
    ['without space around it', '  Ada \t ', 'Ada'],
    ['on one line', 'Ada\r\n\u2028Lovelace\u0085Byron', 'Ada Lovelace Byron'],
    ['without control characters', 'A\u0000d\u001b[31ma\u007f', 'A d [31ma'],
    [
      'without marks that turn its direction',
      '\u202eadA\u202c \u2066x\u2069\u200e\u200f\u061c\ufeff',
      'adA x',
    ],
    ['composed (NFC)', 'Ame\u0301lie', 'Am\u00e9lie'],
    ['with a lone surrogate replaced', 'A\ud83dda', 'A\ufffdda'],
    ['as nothing, of blanks', ' \u00a0\u3000\u202e ', ''],
    ['as nothing, of characters without ink', '\u200b\u2060\u00ad\u3164 \u200d\ufe0f', ''],
  ])('is shown %s', (_how, sent, shown) => expect(cleanName(sent)).toBe(shown))

  it.each([undefined, null, 7, {}, ['Ada'], { toString: () => 'Ada' }])('is nothing if it is %o', (sent) =>
    expect(cleanName(sent)).toBe(''),
  )

  it('has at most 64 code points, whole ones', () => {
    expect(cleanName('🙂'.repeat(maxNameCodePoints))).toBe('🙂'.repeat(maxNameCodePoints))
    expect(cleanName('🙂'.repeat(maxNameCodePoints + 1))).toBe('🙂'.repeat(maxNameCodePoints))
    expect(cleanName(`${'a'.repeat(maxNameCodePoints - 1)} b`)).toBe('a'.repeat(maxNameCodePoints - 1))
  })

  it('does not change when it is cleaned again, is well-formed and fits a frame', () => {
    const anything = fc.oneof(
      texts({ maxLength: 200 }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    )
    fc.assert(
      fc.property(anything, (sent) => {
        const name = cleanName(sent)
        expect(cleanName(name)).toBe(name)
        expect(name).toBe(name.normalize('NFC').toWellFormed())
        expect(Array.from(name).length).toBeLessThanOrEqual(maxNameCodePoints)
        expect(name).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
      }),
    )
  })
})

/** WCAG 2.2: relative luminance of an sRGB colour. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe('a colour', () => {
  it.each(palette)('%s carries white text (4.5:1)', (colour) => {
    expect(colour).toMatch(/^#[0-9a-f]{6}$/)
    expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(4.5)
  })

  it('is one of twelve, all different', () => expect(new Set(palette).size).toBe(12))

  it('is the same for an id on every device and in every version', () => {
    expect(['', 'a', 'b', 'ada', 'Ada', '🙂', '12345'].map(colourOf)).toEqual([
      '#a8481c',
      '#8a6100',
      '#a8481c',
      '#5457c9',
      '#75553a',
      '#3d6b8e',
      '#1f6fb5',
    ])
  })

  it('is in the palette for every id, and every colour is somebody’s', () => {
    fc.assert(fc.property(fc.string(), (id) => palette.some((colour) => colour === colourOf(id))))
    const taken = new Set(Array.from({ length: 200 }, (_, index) => colourOf(`person ${index}`)))
    expect(taken.size).toBe(palette.length)
  })

  it('of another client is itself if it is ours, else the one of its id', () => {
    expect(cleanColour(palette[3], 'ada')).toBe(palette[3])
    for (const foreign of ['#8D3FA8', 'red', 'url(https://example.org)', `${palette[3]}33`, undefined, 3, {}])
      expect(cleanColour(foreign, 'ada')).toBe(colourOf('ada'))
  })
})

describe('a user of a presence state', () => {
  it('is who it says', () => {
    const user = { id: 'ada', name: 'Ada', color: palette[3] }
    expect(readUser(user, 7)).toEqual({ id: 'ada', name: 'Ada', colour: palette[3] })
  })

  const unreadable: readonly unknown[] = [
    undefined,
    null,
    7,
    'Ada',
    [],
    {},
    { id: 7, name: 7, color: 7 },
    { toString: 1, constructor: 2 },
  ]
  it.each(unreadable.map((user) => ({ user })))('is a guest, and nobody else, if it is %j', ({ user }) => {
    const id = 'stranger:7'
    expect(readUser(user, 7)).toEqual({ id, name: unnamed, colour: colourOf(id) })
  })
})
