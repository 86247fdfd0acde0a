/** A field in which one chooses instead of typing, looking like the others: Safari would draw one of its own. */
import { css } from 'lit'

export const selects = css`
  select.field {
    --edge: 100% - 12px;
    --half: transparent 43%, var(--ink-soft) 43% 57%, transparent 57%;
    appearance: none;
    padding-inline-end: 28px;
    /* An angle pointing down, of two strokes. */
    background-image: linear-gradient(45deg, var(--half)), linear-gradient(-45deg, var(--half));
    background-position:
      calc(var(--edge) - 5px) 55%,
      calc(var(--edge)) 55%;
    background-repeat: no-repeat;
    background-size: 5px 5px;
    cursor: pointer;
  }
  select.field:dir(rtl) {
    background-position:
      12px 55%,
      17px 55%;
  }
  @media (forced-colors: active) {
    select.field {
      appearance: auto;
    }
  }
`
