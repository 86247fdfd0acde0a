/** As long as a title may be typed; a longer one from elsewhere is still shown. */
export const maxTitleLength = 200
