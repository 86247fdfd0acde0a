/** The page hears what becomes of the text, and says it in its own way. */
const said = document.querySelector('#said')
const minutes = document.querySelector('#minutes')
minutes.addEventListener('quire-status', ({ detail }) => {
  said.textContent = detail.unsaved === 0 ? 'The minutes are saved.' : 'The minutes are being saved.'
})
minutes.addEventListener('quire-error', ({ detail }) => {
  said.textContent = `The minutes cannot be opened (${detail.code}).`
})
