/** Quire's few drawings. Each is decoration beside words or a label, so each is hidden from assistive technology. */
import { html } from 'lit'

/** A gathering of leaves; its folds are the rubricator's red. */
export const mark = html`<svg
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="1.6"
  stroke-linejoin="round"
  aria-hidden="true"
>
  <path d="M12 8v12M6.5 5.6v12M17.5 5.6v12" stroke="var(--rubric)" stroke-width="1.25" />
  <path d="M12 20 3 16V4l9 4 9-4v12z" />
</svg>`

export const cross = html`<svg
  viewBox="0 0 16 16"
  width="16"
  height="16"
  fill="none"
  stroke="currentColor"
  stroke-width="1.4"
  stroke-linecap="round"
  aria-hidden="true"
>
  <path d="m4.5 4.5 7 7m0-7-7 7" />
</svg>`

export const dots = html`<svg
  viewBox="0 0 16 16"
  width="16"
  height="16"
  fill="currentColor"
  aria-hidden="true"
>
  <circle cx="3" cy="8" r="1.3" />
  <circle cx="8" cy="8" r="1.3" />
  <circle cx="13" cy="8" r="1.3" />
</svg>`

/** An open book: the text as it is read. */
export const reading = html`<svg
  viewBox="0 0 24 24"
  width="20"
  height="20"
  fill="none"
  stroke="currentColor"
  stroke-width="1.6"
  stroke-linejoin="round"
  aria-hidden="true"
>
  <path
    d="M12 6.5C10 5 7 4.5 3.5 5v13c3.5-.5 6.5 0 8.5 1.5 2-1.5 5-2 8.5-1.5V5c-3.5-.5-6.5 0-8.5 1.5zm0 0v13"
  />
</svg>`

export const qrCode = html`<svg
  viewBox="0 0 16 16"
  width="16"
  height="16"
  fill="none"
  stroke="currentColor"
  stroke-width="1.3"
  aria-hidden="true"
>
  <path d="M2.5 2.5h4v4h-4zm7 0h4v4h-4zm-7 7h4v4h-4zM9.5 9v2.5H12M14 9v1.5M9.5 14v-.5M12 14h2v-1.5" />
</svg>`
