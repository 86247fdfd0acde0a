/** Asks for files of this device; none if the person thinks better of it. */
export function pickFiles(): Promise<readonly File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.hidden = true
  // Safari may forget one that stands in no page, and with it who awaits the files.
  document.body.append(input)
  const picked = new Promise<readonly File[]>((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
  })
  input.click()
  return picked.finally(() => input.remove())
}
