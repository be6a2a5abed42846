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
  const preferred = navigator.languages.find(tag => /^(zh|en)(-|$)/i.test(tag)) || 'zh'
  if (language !== 'zh' && language !== 'en') language = preferred.slice(0, 2).toLowerCase()
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = isDark ? 'dark' : 'light'
  // The site for developers has an address, and pages, for each language.
  if (!/^\/docs(\/|$)/.test(location.pathname)) root.lang = language === 'en' ? 'en' : 'zh-CN'
})()
