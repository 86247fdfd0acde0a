/**
 * Whether a diagram asks for what would be fetched, could hide that it does, or has Mermaid write a script (the menus of people in
 * sequences). The frame's policy would stop it, and report it; it reports also what a sanitiser throws away, where that could
 * have been a script. Whoever writes a text chooses what is read here, so that no piece of it may be read for every other one.
 */
const asks =
  /url\s*\(|@import|@font-face|image-set|\\[0-9a-f]|\bimg\s*(?:["']\s*)?:|^[^\S\n\r\u2028\u2029]*(?:links?|properties|details)\s+(?:[^:\s][^:\n]*|[^\S\n]):/imu
const beginsTag = /<|lt;|#60|x3c/iu
const handler = /\bon[a-z]+\s*=/iu

export function reachesOut(source: string): boolean {
  if (asks.test(source)) return true
  const tag = source.search(beginsTag)
  return tag !== -1 && handler.test(source.slice(tag))
}
