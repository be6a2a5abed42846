/** For a router: values are plain texts, so that `?q=1` means the text 1, as a person would type it. */
export const plainSearch = {
  parseSearch: (text: string) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch(search: object) {
    const given = new URLSearchParams(
      Object.entries(search).flatMap(([name, value]) =>
        value === undefined || value === '' ? [] : [[name, String(value)]],
      ),
    )
    return given.size > 0 ? `?${given}` : ''
  },
}
