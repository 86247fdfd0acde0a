/** What is wrong with a page for those who see, move or read otherwise. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Frame, Page } from '@playwright/test'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** An experiment of axe's, for which the initials in an avatar are words that its name has to say. */
const experiment = 'label-content-name-mismatch'

/** Where there is something that axe objects to, by rule. */
export async function objectionsOn(page: Page): Promise<string[]> {
  // With a frame in it, axe reads each by itself and puts that together in a page of its own, which costs more.
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(rules)
    .disableRules(experiment)
    .setLegacyMode(page.frames().length === 1)
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/**
 * Words that stand out from what is behind them by less than 4.5:1, or 3:1 if they are large. Axe too asks for that, but leaves
 * open what lies above something else, as all words of menus and of the editor do.
 */
export async function faintWordsOn(page: Page): Promise<string[]> {
  return (await Promise.all(page.frames().map(faintWordsIn))).flat()
}

function faintWordsIn(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    type Colour = readonly [red: number, green: number, blue: number, opacity: number]
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    const known = new Map<string, Colour>()
    const colourOf = (css: string): Colour => {
      if (!canvas) throw new Error('there is no canvas')
      const before = known.get(css)
      if (before) return before
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = css
      canvas.fillRect(0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0, opacity = 0] = canvas.getImageData(0, 0, 1, 1).data
      const colour = [red, green, blue, opacity / 255] as const
      known.set(css, colour)
      return colour
    }
    const over = ([r, g, b, opacity]: Colour, [r2, g2, b2]: Colour): Colour => {
      const mix = (one: number, two: number): number => one * opacity + two * (1 - opacity)
      return [mix(r, r2), mix(g, g2), mix(b, b2), 1]
    }
    const luminance = ([r, g, b]: Colour): number => {
      const linear = (value: number): number =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }
    const parentOf = (element: Element): Element | null => {
      const root = element.getRootNode()
      return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
    }
    const behind = (element: Element | null): Colour => {
      if (!element) return colourOf('Canvas')
      const colour = colourOf(getComputedStyle(element).backgroundColor)
      return colour[3] === 1 ? colour : over(colour, behind(parentOf(element)))
    }
    const contrastOf = (element: Element, style: CSSStyleDeclaration): number => {
      const ground = behind(element)
      const [light = 0, dark = 0] = [
        luminance(over(colourOf(style.color), ground)),
        luminance(ground),
      ].toSorted((one, two) => two - one)
      return (light + 0.05) / (dark + 0.05)
    }
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('.unseen, .katex-mathml, svg, :disabled, [aria-disabled=true]') === null
    const found = new Set<string>()
    const judge = (element: Element, words: string, style: CSSStyleDeclaration): void => {
      const size = Number.parseFloat(style.fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      const contrast = contrastOf(element, style)
      if (contrast < (isLarge ? 3 : 4.5))
        found.add(`${contrast.toFixed(2)}: ${element.localName}.${element.className} “${words.slice(0, 30)}”`)
    }
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot)
        if (!isSeen(element)) continue
        for (const node of element.childNodes)
          if (node instanceof Text && /[\p{L}\p{N}]/u.test(node.data))
            judge(element, node.data.trim(), getComputedStyle(element))
        if (element.matches('input:not([type=checkbox], [type=radio])'))
          judge(element, 'what is typed', getComputedStyle(element))
        if (element.matches('input:placeholder-shown'))
          judge(element, 'placeholder', getComputedStyle(element, '::placeholder'))
      }
    }
    walk(document)
    return [...found]
  })
}
