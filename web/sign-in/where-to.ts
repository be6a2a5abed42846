const ours = /^\/(console|portal|mobile|pay|developer)(\/|\?|$)/
const ofSignIn = /^\/signin(\/|\?|#|$)/
const phone = /\b(Mobile|Android|iPhone|iPod)\b/

/**
 * The page to return to, if it is one of this site. Addresses of other sites are never returned, because links to the sign-in page
 * could abuse that. Whether a page that is none of ours belongs to a feature is known to the server, which leads on from there.
 */
export function wantedPage(query: URLSearchParams): string | undefined {
  const given = query.get('to') ?? ''
  try {
    const url = new URL(given, location.origin)
    const path = url.pathname + url.search + url.hash
    if (!given.startsWith('/') || url.origin !== location.origin || ofSignIn.test(path)) return undefined
    return path
  } catch {
    return undefined
  }
}

/** Where the browser goes for it. */
export function addressOfPage(to: string): string {
  return ours.test(to) ? to : `/signin/return?${new URLSearchParams({ to })}`
}

export function homeOf(roleLevel: number): string {
  if (roleLevel === 1) return '/console'
  return phone.test(navigator.userAgent) ? '/mobile' : '/portal'
}

/** Whether the page is open in WeCom or WeChat, where people are signed in without being asked. */
export function isInWecom(): boolean {
  return /wxwork|MicroMessenger/i.test(navigator.userAgent)
}

/** Whether WeCom's QR code would be shown on the phone that should scan it. */
export function isPhoneBrowser(): boolean {
  return phone.test(navigator.userAgent) && !isInWecom()
}

export function wecomAddress(corpId: string | undefined, to: string | undefined): string {
  const query = new URLSearchParams()
  if (corpId) query.set('corpId', corpId)
  if (to) query.set('to', to)
  return `/signin/wecom?${query}`
}
