// Runs before the first paint, so that a dark theme does not start with a white flash and screen readers get
// the right language.
;(() => {
  const root = document.documentElement
  let theme = ''
  let language = ''
  try {
    theme = localStorage.getItem('wisp.theme') || ''
    language = localStorage.getItem('wisp.language') || ''
  } catch {
    // Without storage the system's setting is used.
  }
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = isDark ? 'dark' : 'light'
  root.lang = language === 'en' ? 'en' : 'zh-CN'
})()
