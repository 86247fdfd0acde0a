/**
 * Keys as CodeMirror names them (`Mod-Shift-p`): whether an event is one, and how this platform writes it. `Mod` is Command on
 * Apple's machines and Control elsewhere.
 */
import { t } from '../words/index.ts'

export interface Platform {
  readonly isApple: boolean
  readonly isFirefox: boolean
  /** It has a screen to be touched and nothing else to point with, as phones have; hardly any of them has keys. */
  readonly isTouched: boolean
}

/** What opens the list of all commands; the first is shown. With the other, Firefox opens a private window and tells no page. */
export function paletteKeys({ isFirefox }: Platform): readonly [string, ...string[]] {
  return isFirefox ? ['F1'] : ['F1', 'Mod-Shift-p']
}

type Modifier = 'Mod' | 'Ctrl' | 'Alt' | 'Shift' | 'Meta'
const modifiers: readonly Modifier[] = ['Ctrl', 'Alt', 'Shift', 'Meta', 'Mod']

interface Chord {
  readonly key: string
  readonly held: ReadonlySet<Modifier>
}

function parse(name: string, { isApple }: Platform): Chord {
  // The last part may be the sign `-` itself.
  const [, before = '', key = name] = /^(.*-)?(.+)$/u.exec(name) ?? []
  const parts = before.split('-').map((part) => (part === 'Cmd' ? 'Meta' : part))
  const held = modifiers.filter((modifier) => parts.includes(modifier))
  const real = held.map((modifier) => (modifier === 'Mod' ? (isApple ? 'Meta' : 'Ctrl') : modifier))
  return { key, held: new Set(real) }
}

/** Whether this event is that of one chord: `Mod-k`. What Shift makes of a letter is told by its position then. */
export function isPressed(event: KeyboardEvent, name: string, platform: Platform): boolean {
  const { key, held } = parse(name, platform)
  const isSame =
    event.ctrlKey === held.has('Ctrl') &&
    event.altKey === held.has('Alt') &&
    event.metaKey === held.has('Meta') &&
    event.shiftKey === held.has('Shift')
  return isSame && !event.isComposing && event.key.toLowerCase() === key.toLowerCase()
}

/** As Apple orders and writes them. */
const appleSigns = { Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Meta: '⌘', Mod: '⌘' } as const

const signs: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** A chord as people read it: `⇧⌘P` or `Ctrl+Shift+P`. Of several one after another, all. */
export function writeKeys(names: string, platform: Platform): string {
  return names
    .split(' ')
    .map((name) => writeChord(parse(name, platform), platform))
    .join(' ')
}

function writeChord({ key, held }: Chord, { isApple }: Platform): string {
  const written = signs[key] ?? nameOf(key) ?? key.toUpperCase()
  const before = modifiers.filter((modifier) => held.has(modifier))
  if (isApple) return before.map((modifier) => appleSigns[modifier]).join('') + written
  return [...before.map(modifierName), written].join('+')
}

function modifierName(modifier: Modifier): string {
  switch (modifier) {
    case 'Shift':
      return t('key.shift')
    case 'Alt':
      return 'Alt'
    case 'Meta':
      return 'Meta'
    default:
      return t('key.control')
  }
}

/** Of keys that carry words; undefined: what they type stands on them. */
function nameOf(key: string): string | undefined {
  switch (key) {
    case 'Enter':
      return t('key.enter')
    case 'Escape':
      return t('key.escape')
    case 'Backspace':
      return t('key.backspace')
    case 'Delete':
      return t('key.delete')
    case 'Space':
      return t('key.space')
    case 'Home':
      return t('key.home')
    case 'End':
      return t('key.end')
    case 'PageUp':
      return t('key.pageUp')
    case 'PageDown':
      return t('key.pageDown')
    case 'Tab':
      return 'Tab'
    default:
      return undefined
  }
}
