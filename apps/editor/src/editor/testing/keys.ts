/** For tests: keys pressed and things pasted, as a browser tells of them. */
import type { EditorView } from '@codemirror/view'

const keyCodes: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, Escape: 27, F3: 114 }

function codeOf(key: string): string {
  if (/^[a-z]$/u.test(key)) return `Key${key.toUpperCase()}`
  if (/^\d$/u.test(key)) return `Digit${key}`
  return key === '/' ? 'Slash' : key
}

/** Such as `'Mod-b'`, with `Mod` as it is on this machine; tells whether the editor took it. */
export function press(view: EditorView, keys: string): boolean {
  const parts = keys.split(/-(?=.)/u)
  const key = parts.pop() ?? ''
  const has = (modifier: string): boolean => parts.includes(modifier)
  const event = new KeyboardEvent('keydown', {
    key,
    code: codeOf(key),
    keyCode: keyCodes[key] ?? key.toUpperCase().charCodeAt(0),
    ctrlKey: has('Mod') || has('Ctrl'),
    altKey: has('Alt'),
    shiftKey: has('Shift'),
    bubbles: true,
    cancelable: true,
  })
  view.contentDOM.dispatchEvent(event)
  return event.defaultPrevented
}

export function paste(view: EditorView, contents: Readonly<Record<string, string>>): void {
  const clipboardData = new DataTransfer()
  for (const [type, content] of Object.entries(contents)) clipboardData.setData(type, content)
  view.contentDOM.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }),
  )
}

/** Where a letter of the text is on the page. */
export function pointAt(view: EditorView, position: number): { clientX: number; clientY: number } {
  const place = view.coordsAtPos(position)
  if (!place) throw new Error('that letter is not on the page')
  return { clientX: place.left + 1, clientY: (place.top + place.bottom) / 2 }
}

export function click(view: EditorView, position: number, modifiers: MouseEventInit = {}): void {
  const at = pointAt(view, position)
  const target = document.elementFromPoint(at.clientX, at.clientY) ?? view.contentDOM
  for (const type of ['mousedown', 'mouseup', 'click'])
    target.dispatchEvent(
      new MouseEvent(type, { ...at, ...modifiers, button: 0, bubbles: true, cancelable: true }),
    )
}
