/** How the settings look. */
import { css } from 'lit'

export const settingsStyles = css`
  dialog {
    width: 460px;
    max-height: min(44rem, 100dvh - 2 * var(--space-3));
  }
  section {
    margin: 0;
  }
  h3 + .row {
    border-top: 1px solid var(--rule);
  }
  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2) var(--space-4);
    min-height: 48px;
    padding: 5px 0;
    border-bottom: 1px solid var(--rule);
    font-size: var(--step-0);
  }
  section:last-child .row:last-child {
    border-bottom: 0;
  }
  .label {
    min-width: 0;
    text-wrap: pretty;
  }
  small {
    display: block;
    color: var(--ink-soft);
    font-size: 0.75rem;
    line-height: 1.4;
  }
  .segments {
    display: flex;
    gap: 2px;
    margin-inline-end: -6px;
  }
  .segments label {
    position: relative;
    cursor: pointer;
  }
  .segments span {
    display: grid;
    place-items: center;
    min-height: 32px;
    padding: 0 11px;
    border-radius: 6px;
    color: var(--ink-soft);
    font-size: var(--step--1);
    font-weight: 560;
    white-space: nowrap;
  }
  .segments label:hover span {
    color: var(--ink);
  }
  .segments :checked + span {
    background: var(--rule);
    color: var(--ink);
  }
  .segments :focus-visible + span {
    outline: 2px solid var(--ink);
    outline-offset: 2px;
  }
  .quattro span {
    font-family: var(--prose);
  }
  .serif span {
    font-family: ui-serif, 'Iowan Old Style', Charter, Georgia, 'Noto Serif', serif;
  }
  .mono span {
    font-family: var(--mono);
  }
  .steps {
    display: flex;
    align-items: center;
    margin-inline-end: -6px;
  }
  .step {
    width: 40px;
    min-height: 32px;
    padding: 0;
    color: var(--ink-soft);
  }
  .step:hover {
    color: var(--ink);
  }
  .step[aria-disabled='true'] {
    color: var(--ink-faint);
    cursor: default;
  }
  .smaller {
    font-size: 0.75rem;
  }
  .larger {
    font-size: 1.125rem;
  }
  output {
    min-width: 1.75rem;
    font-size: var(--step--1);
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  .row .field {
    width: auto;
    min-width: min(8.5rem, 100%);
    max-width: 100%;
  }
  [role='switch'] {
    flex: none;
    appearance: none;
    position: relative;
    width: 36px;
    height: 22px;
    margin: 0;
    border: 1px solid var(--ink-soft);
    border-radius: 11px;
    background: none;
    cursor: pointer;
    transition: background 140ms ease-out;
  }
  [role='switch']::before {
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 3px;
    width: 14px;
    height: 14px;
    border-radius: 50%;
    background: var(--ink-soft);
    content: '';
    transition: translate 140ms ease-out;
  }
  [role='switch']:checked {
    border-color: var(--ink);
    background: var(--ink);
  }
  [role='switch']:checked::before {
    translate: 14px 0;
    background: var(--paper);
  }
  [role='switch']:checked:dir(rtl)::before {
    translate: -14px 0;
  }
  label.row:has([role='switch']) {
    cursor: pointer;
  }
  @media (max-width: 600px) {
    dialog {
      width: 100vw;
    }
    .segments span,
    .step {
      min-height: 40px;
    }
    .segments span {
      padding: 0 9px;
    }
  }
  /* Where letters are large or the page is slim, choices go below what they are about. */
  @media (max-width: 24em) {
    .row:has(.segments, .field) {
      flex-wrap: wrap;
    }
    .segments {
      flex-wrap: wrap;
      margin-inline-start: -9px;
    }
  }
  @media (forced-colors: active) {
    .segments :checked + span {
      outline: 2px solid Highlight;
    }
    [role='switch'] {
      appearance: auto;
    }
    [role='switch']::before {
      content: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    [role='switch'],
    [role='switch']::before {
      transition: none;
    }
  }
`
