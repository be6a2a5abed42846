// Before the first paint: no white flash for those who chose dark, no wrong language for screen readers.
;(() => {
  const root = document.documentElement
  let theme = ''
  let language = ''
  try {
    theme = localStorage.getItem('wisp.theme') || ''
    language = localStorage.getItem('wisp.language') || ''
  } catch {
    // Storage is refused: the system's setting holds.
  }
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = isDark ? 'dark' : 'light'
  root.lang = language === 'en' ? 'en' : 'zh-CN'
})()
