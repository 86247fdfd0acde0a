/** What the build makes of `preview/frame` (`preview-frame.plugin.ts`). */
declare module 'virtual:preview-frame' {
  export const page: string
  export const math: string
  export const diagrams: string
}
