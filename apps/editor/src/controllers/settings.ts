/** What a person chose for all documents they open on this device. What the words on it say is the business of its dialog. */

/** What each setting that is a choice may be, in the order in which it is offered. */
export const choices = {
  theme: ['system', 'light', 'dark'],
  font: ['quattro', 'serif', 'sans', 'mono'],
  /** Of the text, in CSS pixels; the one that suits most is what the editor takes by itself, and a little less on a phone. */
  fontSize: [14, 15, 16, 17, 18, 20, 22, 24],
  width: ['narrow', 'normal', 'wide'],
  keys: ['standard', 'vscode', 'vim', 'emacs'],
  indentUnit: [2, 4, 8, 'tab'],
  lineNumbers: ['code', true, false],
} as const

type Choices = typeof choices

export type ChoiceName = keyof Choices

export type Settings = {
  readonly [Name in ChoiceName]: Choices[Name][number]
} & {
  readonly foldGutter: boolean
  readonly wordWrap: boolean
  readonly spellCheck: boolean
  /** Tab indents in prose too, and leaves the text only after Escape. */
  readonly tabIndents: boolean
  /** Pictures of other sites are shown, which tells those sites that somebody looks. */
  readonly pictures: boolean
}

export type SwitchName = Exclude<keyof Settings, ChoiceName>

export const usualFontSize = 17

export const defaultSettings: Settings = {
  theme: 'system',
  font: 'quattro',
  fontSize: usualFontSize,
  width: 'normal',
  keys: 'standard',
  indentUnit: 2,
  lineNumbers: 'code',
  foldGutter: false,
  wordWrap: true,
  spellCheck: true,
  tabIndents: false,
  pictures: false,
}

export interface SettingsStore {
  readonly current: Settings
  change(part: Partial<Settings>): void
  /** Calls `listener` after they changed, here or in another tab; returns the undo. */
  subscribe(listener: () => void): () => void
}

/** What was stored, possibly by another version: each setting as it is there, or as it is for those who chose nothing. */
export function parseSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return defaultSettings
  return { ...defaultSettings, ...Object.fromEntries(Object.entries(stored).filter(isFit)) }
}

function isFit([name, value]: [name: string, value: unknown]): boolean {
  if (!Object.hasOwn(defaultSettings, name)) return false
  if (!isChoice(name)) return typeof value === 'boolean'
  const allowed: readonly unknown[] = choices[name]
  return allowed.includes(value)
}

function isChoice(name: string): name is ChoiceName {
  return Object.hasOwn(choices, name)
}

/** The same as the editor takes them: of a size that suits most, it knows what suits the screen. */
export function forEditor(
  settings: Settings,
): Omit<Settings, 'fontSize'> & { readonly fontSize: number | undefined } {
  return { ...settings, fontSize: settings.fontSize === usualFontSize ? undefined : settings.fontSize }
}

/** How long lines get, as CSS has it. */
export const measures: Readonly<Record<Settings['width'], string>> = {
  narrow: '54ch',
  normal: '68ch',
  wide: '92ch',
}

/** From what is seen now to the other. */
export function switchTheme(settings: SettingsStore): void {
  const { theme } = settings.current
  const isDark = theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
  settings.change({ theme: isDark ? 'light' : 'dark' })
}
