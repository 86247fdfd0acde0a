/**
 * Runs before anything is painted and in any browser, so it is written for old ones: puts the page into the theme that was
 * chosen (`src/browser/stored-settings.ts`), and says on `<html>` if this browser cannot show Quire, or the script did not come.
 */
;(function () {
  var root = document.documentElement
  try {
    var theme = JSON.parse(localStorage.getItem('quire.settings')).theme
    if (theme === 'light' || theme === 'dark') root.style.colorScheme = theme
    // oxlint-disable-next-line no-unused-vars -- old browsers do not read a catch without a name
  } catch (error) {
    // Nothing was chosen, or it cannot be read: then the system's theme it is.
  }
  var isSupported =
    'noModule' in HTMLScriptElement.prototype &&
    'popover' in HTMLElement.prototype &&
    window.CSS &&
    CSS.supports('color', 'light-dark(oklch(0 0 0), #fff)')
  if (!isSupported) root.className = 'unsupported'
  // Without ours there would be nothing to see; what others put into the page is no module. That something it needs did not
  // come is said of it too.
  addEventListener(
    'error',
    function (event) {
      if (isSupported && event.target.type === 'module') root.className = 'incomplete'
    },
    true,
  )
})()
