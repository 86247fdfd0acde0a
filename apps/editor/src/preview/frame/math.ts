/** The part of the preview that draws formulas. KaTeX makes elements, not HTML, so that there is nothing to be read wrongly. */
import { render } from 'katex'
import katexStyles from 'katex/dist/katex.css?inline'

export const styles = katexStyles

/** A formula that cannot be read stays as it was written. */
export function drawFormula(element: HTMLElement, formula: string): void {
  try {
    render(formula, element, {
      displayMode: element.classList.contains('display'),
      throwOnError: false,
      errorColor: 'inherit',
      strict: 'ignore',
      trust: false,
      maxExpand: 500,
      maxSize: 20,
    })
  } catch {
    // Nested deeper than anyone writes.
    element.textContent = formula
  }
}
