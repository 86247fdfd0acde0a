import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { text, wholeNumber } from '../config-values.ts'
import { ConfigError } from '../config.ts'
import { declare } from './command.ts'
import { duration } from './kinds.ts'
import { readWords, usageOf } from './read-words.ts'

const command = declare({
  arguments: {
    first: { help: '', kind: text },
    rest: { help: '', kind: wholeNumber(0, 9), repeat: '*' },
  },
  flags: {
    all: { help: '' },
    maxUses: { help: '', kind: wholeNumber(1, 10).optional() },
    expires: { help: '', kind: duration('7d').optional() },
    publicUrl: { help: '', kind: text.default('here'), variable: 'QUIRE_PUBLIC_URL' },
    secret: {
      help: '',
      kind: z.string().min(9, 'must be longer').optional(),
      variable: 'QUIRE_SECRET',
      variableOnly: true,
    },
  },
  examples: [],
  run: async () => ({ data: undefined, text: '' }),
})

const read = (words: string[], environment: NodeJS.ProcessEnv = {}): Record<string, unknown> =>
  readWords('try', command, words, environment)

function mistakes(words: string[], environment: NodeJS.ProcessEnv = {}): string {
  try {
    read(words, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('nothing is wrong')
}

describe('the words after a command', () => {
  it('are read by what the command declares, and the rest has defaults', () => {
    expect(read(['a'])).toEqual({
      first: 'a',
      rest: [],
      all: false,
      maxUses: undefined,
      expires: undefined,
      publicUrl: 'here',
      secret: undefined,
      data: './data',
      json: false,
      help: false,
    })
    expect(read(['--all', 'a', '--max-uses', '3', '1', '--expires=2h', '2'])).toMatchObject({
      first: 'a',
      rest: [1, 2],
      all: true,
      maxUses: 3,
      expires: 7200,
    })
  })

  it('come before variables, of which an empty one is none', () => {
    const environment = { QUIRE_PUBLIC_URL: 'there', QUIRE_DATA: '/srv', QUIRE_SECRET: 'long enough' }
    expect(read(['a'], environment)).toMatchObject({
      publicUrl: 'there',
      data: '/srv',
      secret: 'long enough',
    })
    expect(read(['a', '--public-url', 'x', '--data=/tmp'], environment)).toMatchObject({
      publicUrl: 'x',
      data: '/tmp',
    })
    expect(read(['a'], { QUIRE_PUBLIC_URL: '' })).toMatchObject({ publicUrl: 'here' })
  })

  it('may begin with a dash, and after -- with two', () => {
    expect(read(['-a-']).first).toBe('-a-')
    expect(read(['--', '--all', '1'])).toMatchObject({ first: '--all', rest: [1], all: false })
    expect(read(['a', '--public-url=--odd']).publicUrl).toBe('--odd')
  })

  it.each<[what: string, words: string[], says: string]>([
    ['97 an unknown flag', ['a', '--al'], '--al is not an option of try; did you mean --all?'],
    ['97 a flag like no other', ['a', '--frobnicate=1'], '--frobnicate is not an option of try.'],
    ['97 a flag without its value', ['a', '--max-uses'], '--max-uses needs a value.'],
    ['97 a flag without its value before another', ['a', '--max-uses', '--all'], '--max-uses needs a value.'],
    ['97 a switch with a value', ['a', '--all=yes'], '--all takes no value.'],
    ['97 a flag given twice', ['a', '--max-uses=1', '--max-uses=1'], '--max-uses is given twice.'],
    ['97 no argument', ['--all'], 'Which first?\nUsage: quire try <first> [rest…] [options]'],
    ['97 an argument that is none', ['a', 'b'], 'rest ("b") must be a whole number from 0 to 9'],
    ['97 an empty argument', [''], 'first ("") must not be empty.'],
    ['97 a number that is none', ['a', '--max-uses=1e9'], '--max-uses ("1e9") must be a whole number'],
    ['97 a time that is none', ['a', '--expires', 'soon'], '--expires ("soon") must be a time such as 90m'],
    ['97 a time that is over', ['a', '--expires', '-1h'], '--expires ("-1h") must be a time such as 90m'],
    ['97 a time past the longest', ['a', '--expires', '8d'], 'and at most 7d.'],
    [
      '99 a secret where others see it',
      ['a', '--secret', 'x'],
      '--secret is not taken from the command line',
    ],
  ])('are refused: %s', (_, words, says) => {
    expect(mistakes(words)).toContain(says)
  })

  it('are refused with everything that is wrong, and without a secret', () => {
    const told = mistakes(['a', 'b', '--max-uses=0'], { QUIRE_DATUM: 'x', QUIRE_SECRET: 'hush' })
    expect(told.split('\n')).toHaveLength(4)
    expect(told).toContain('QUIRE_DATUM is not an option; did you mean QUIRE_DATA?')
    expect(told).toContain('QUIRE_SECRET (not shown) must be longer.')
  })

  it('are missed where there has to be one', () => {
    const needs = { ...command, flags: { sub: { help: '', kind: text } } }
    expect(() => readWords('try', needs, ['a'], {})).toThrow('--sub is needed.')
  })

  it('are shown in the order in which they are said', () => {
    expect(usageOf('try', command)).toBe('Usage: quire try <first> [rest…] [options]')
  })
})
