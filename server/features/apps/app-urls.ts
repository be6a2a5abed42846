import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'

/** An http(s) address without credentials, to which people and pages may be sent. Undefined for anything else. */
export function webUrl(text: string, base?: string): URL | undefined {
  const url = URL.parse(text, base || undefined)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  return url.username || url.password ? undefined : url
}

/**
 * Checks an address that an administrator entered, whose query and fragment stay unchanged. Throws 1000, naming the
 * field.
 */
export function checkWebUrl(text: string, name: string): void {
  const url = URL.parse(text)
  if (url && (url.username || url.password))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 不能包含用户名或密码`,
      en: told`${own(name)} must not contain a user name or password`,
    })
  if (!webUrl(text))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 http:// 或 https:// 开头的地址`,
      en: told`${own(name)} should be an address that begins with http:// or https://`,
    })
}

/** An origin such as `https://app.example.com`, taken from itself or from any URL of it. Throws 1000. */
export function checkOrigin(text: string, name: string): string {
  checkWebUrl(text, name)
  return new URL(text).origin
}

/** The origin of the page that is to be signed for a JS-SDK. Throws 1000. */
export function pageOrigin(url: string): string {
  const page = webUrl(url)
  if (!page)
    throw new ApiError('badParameter', {
      zh: 'url 应为 http 或 https 的完整地址',
      en: 'url should be a whole http or https address',
    })
  return page.origin
}

/**
 * Adds parameters to the query. The rest of the query and the fragment stay byte for byte; an existing parameter of
 * the same name is replaced.
 */
export function withQuery(url: string, params: Record<string, string>): string {
  const hash = url.indexOf('#')
  const [front, fragment] = hash < 0 ? [url, ''] : [url.slice(0, hash), url.slice(hash)]
  const mark = front.indexOf('?')
  const [address, query] = mark < 0 ? [front, ''] : [front.slice(0, mark), front.slice(mark + 1)]
  const kept = query.split('&').filter(part => part !== '' && !Object.hasOwn(params, nameOf(part)))
  const added = Object.entries(params).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${address}?${[...kept, ...added].join('&')}${fragment}`
}

function nameOf(part: string): string {
  return [...new URLSearchParams(part).keys()][0] ?? ''
}

/**
 * The URL with the ticket in its query (docs/interface/apps.md#opening-an-app). Use it only for pages on the app's own origins,
 * see `takesTicket`.
 */
export function ticketUrl(url: string, jessionId: string): string {
  return withQuery(new URL(url).href, { jessionId })
}

type Addresses = { homeUrl: string; mobileUrl: string }

/** Where a path of the app's menu leads, relative to its home page; undefined when it leads nowhere. */
export function menuUrl(app: Addresses, path: string): string | undefined {
  return path === '' ? undefined : webUrl(path, app.homeUrl || app.mobileUrl)?.href
}

/** Whether a page may get a ticket of this app: only its home pages, and menu paths on its origins. */
export function takesTicket(app: { origins: readonly string[] }, url: string): boolean {
  const target = webUrl(url)
  return target !== undefined && app.origins.includes(target.origin)
}
