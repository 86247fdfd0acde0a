/** The few controls every component shares: buttons, fields, the focus ring. Adopted by each shadow root that shows one. */
import { css } from 'lit'

export const controls = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--ink);
    outline-offset: 2px;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: 36px;
    margin: 0;
    padding: 6px 12px;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: none;
    color: var(--ink);
    font: inherit;
    font-size: var(--step--1);
    font-weight: 560;
    line-height: 1.4;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  button:hover,
  .button:hover {
    background: var(--rule);
  }
  .primary,
  .primary:hover {
    background: var(--ink);
    color: var(--paper);
  }
  .primary:hover {
    background: color-mix(in oklab, var(--ink) 88%, var(--paper));
  }
  .outlined {
    border-color: var(--rule);
  }
  .icon {
    width: 36px;
    padding: 0;
    color: var(--ink-soft);
  }
  .field {
    width: 100%;
    min-width: 0;
    min-height: 36px;
    padding: 6px 10px;
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    background: var(--paper);
    color: var(--ink);
    font: inherit;
    font-size: max(var(--step--1), var(--typed));
  }
  .field::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  .field:focus-visible {
    outline-offset: -1px;
  }
  /* At the top, for below the page it would make it scroll. */
  .unseen {
    position: absolute;
    top: 0;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* So slim, or with letters so large, that words would not fit on one line. */
  @media (max-width: 20em) {
    button,
    .button {
      white-space: normal;
    }
  }
  @media (max-width: 600px) {
    button,
    .button,
    .field {
      min-height: 44px;
    }
    .icon {
      width: 44px;
    }
  }
`

/** Menus and lists that stand above the page. */
export const popovers = css`
  [popover] {
    margin: 0;
    border: 0;
    color: var(--ink);
    background: var(--leaf);
    border-radius: var(--radius);
    box-shadow:
      var(--lift),
      0 0 0 1px var(--rule);
    opacity: 0;
    transition:
      opacity 140ms ease-out,
      display 140ms allow-discrete,
      overlay 140ms allow-discrete;
  }
  [popover]:popover-open {
    opacity: 1;
  }
  @starting-style {
    [popover]:popover-open {
      opacity: 0;
    }
  }
  /* Where there are no shadows. */
  @media (forced-colors: active) {
    [popover] {
      border: 1px solid;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    [popover] {
      transition: none;
    }
  }
`
