/** `make`, called only with other arguments than the last time: so that what it made is the same for as long as they are. */
export function remember<Given extends readonly unknown[], Made>(
  make: (...given: Given) => Made,
): (...given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | undefined
  return (...given) => {
    if (!last || given.some((one, index) => one !== last?.given[index]))
      last = { given, made: make(...given) }
    return last.made
  }
}
