import { ApiError } from '../../platform/http/errors.ts'
import { checkText, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'

const servicesAtMost = 20
export const serviceLength = 1024

/**
 * What an app's services look like: `https://app.example.edu/path/` is that origin and all paths that begin so;
 * `https://*.example.edu/` any one label before the rest. Throws 1000.
 */
export function readServices(given: readonly string[], name: string, allowsHttp: boolean): string[] {
  return readSet(
    given.map((one, index) => readService(one, `${name}[${index}]`, allowsHttp)),
    name,
    servicesAtMost,
  )
}

function readService(text: string, name: string, allowsHttp: boolean): string {
  checkText(text, name, serviceLength)
  const isStarred = /^https?:\/\/\*\./.test(text)
  const url = URL.parse(isStarred ? text.replace('*.', 'star.') : text)
  const wrong = (zh: string, en: string) =>
    new ApiError('badParameter', { zh: told`${own(name)} ${own(zh)}`, en: told`${own(name)} ${own(en)}` })
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw wrong('应为 https:// 开头的地址', 'should be an address that begins with https://')
  if (url.protocol === 'http:' && !allowsHttp)
    throw wrong('是 http，需超级管理员确认后才能使用', 'is http, which a super administrator has to confirm')
  if (url.username || url.password || url.search || url.hash)
    throw wrong('只填写域名和路径，不带参数', 'should be an origin and a path, without a query')
  const rest = isStarred ? url.host.replace('star.', '') : url.host
  if (rest.includes('*') || url.pathname.includes('*'))
    throw wrong('只有域名的第一段可以是 *', 'may have * in the place of the first label of its host alone')
  if (isStarred && rest.split('.').length < 2)
    throw wrong('* 之后至少要有两段域名', 'should have at least two labels after *')
  return isStarred ? url.href.replace('star.', '*.') : url.href
}

/**
 * Whether a service that a browser brings is one of these. Its path is compared as the browser will resolve it, so that `..`
 * and `%2e` do not lead out of it.
 */
export function isServiceOf(services: readonly string[], given: string): boolean {
  const url = URL.parse(given)
  if (!url || url.username || url.password || given.length > serviceLength) return false
  if (/%2f|%5c|\\/i.test(url.pathname)) return false
  return services.some(one => {
    const isStarred = one.includes('://*.')
    const registered = new URL(isStarred ? one.replace('*.', 'star.') : one)
    if (registered.protocol !== url.protocol || registered.port !== url.port) return false
    const isHost = isStarred
      ? /^[^.]+$/.test(labelBefore(url.hostname, registered.hostname.slice('star'.length)))
      : registered.hostname === url.hostname
    return isHost && isUnder(registered.pathname, url.pathname)
  })
}

/** What stands before `rest` in the host; '' where the host does not end so. */
function labelBefore(host: string, rest: string): string {
  return host.endsWith(rest) ? host.slice(0, -rest.length) : ''
}

/** `/app` is itself and what is below it, and not `/apple`. */
function isUnder(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
}
