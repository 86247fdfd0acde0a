/**
 * What can wait until a key is on the screen: to send what was typed, and to keep it on this device, takes two milliseconds of
 * the page's thread, and wakes other processes on the core that is to paint.
 */

/** From the scripts of a frame until it is on the screen, where that takes long. */
const paintingMs = 8
/** Where nothing is painted, nobody waits for it. */
const patienceMs = 100

const waiting: (() => void)[] = []
let timer: ReturnType<typeof setTimeout> | undefined

/** Acts once the next picture is on the screen, and at once in a page that nobody sees or that is left. */
export function oncePainted(act: () => void): void {
  waiting.push(act)
  if (document.hidden) return actAll()
  if (waiting.length > 1) return
  // Said again, it changes nothing. A page that is taken away behind another one hears only the first.
  document.addEventListener('visibilitychange', actAll)
  addEventListener('pagehide', actAll)
  requestAnimationFrame(() => setTimeout(actAll, paintingMs))
  timer = setTimeout(actAll, patienceMs)
}

function actAll(): void {
  clearTimeout(timer)
  for (const act of waiting.splice(0)) act()
}
