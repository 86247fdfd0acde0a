/** A document that begins anew is another one on the page: whoever was in its text goes on in the new one's. */
import type { ReactiveController } from 'lit'

/** `text` is asked before each rendering and after it; `focus` goes to what it says then. */
export function focusGoesOn(text: () => HTMLElement | null, focus: () => void): ReactiveController {
  let left: HTMLElement | undefined
  return {
    hostUpdate() {
      const present = text()
      if (present) left = present.matches(':focus-within') ? present : undefined
    },
    hostUpdated() {
      const present = text()
      if (!left || !present || present === left) return
      left = undefined
      // Unless they went elsewhere meanwhile.
      if (document.activeElement === document.body) focus()
    },
  }
}
