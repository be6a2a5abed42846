import { ApiError } from '../../platform/http/errors.ts'
import { checkText, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'

const urisAtMost = 20
const uriLength = 2000
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Addresses of a client: https, http on loopback alone, or a scheme of its own where it may have one. Throws 1000. */
export function readRedirectUris(given: readonly string[], name: string, privateSchemes: boolean): string[] {
  return readSet(
    given.map((uri, index) => readRedirectUri(uri, `${name}[${index}]`, privateSchemes)),
    name,
    urisAtMost,
  )
}

function readRedirectUri(uri: string, name: string, privateSchemes: boolean): string {
  checkText(uri, name, uriLength)
  const url = URL.parse(uri)
  if (!url) throw wrong(name, { zh: '不是完整的地址', en: 'is no whole address' })
  if (uri.includes('#')) throw wrong(name, { zh: '不能带 #', en: 'must not have a fragment' })
  if (url.username || url.password)
    throw wrong(name, { zh: '不能包含用户名或密码', en: 'must not contain a user name or password' })
  if (url.protocol === 'https:') return withoutStar(uri, name, url)
  if (url.protocol === 'http:' && loopback.has(url.hostname)) return withoutStar(uri, name, url)
  if (url.protocol === 'http:')
    throw wrong(name, {
      zh: '应为 https；http 只可用于本机 (127.0.0.1、localhost)',
      en: 'should be https; http is for loopback alone (127.0.0.1, localhost)',
    })
  // A scheme with a dot belongs to whoever has the domain (RFC 8252, section 7.1), which javascript: and the like have not.
  if (!/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol))
    throw wrong(name, {
      zh: '应以 https:// 开头，应用自己的协议名应像 com.example.app',
      en: "should begin with https://; an application's own scheme looks like com.example.app",
    })
  if (!privateSchemes)
    throw wrong(name, {
      zh: '使用了应用自己的协议名，需要先允许',
      en: "has a scheme of the application's own, which has to be allowed first",
    })
  return uri
}

function withoutStar(uri: string, name: string, url: URL): string {
  if (url.host.includes('*') || url.pathname.includes('*'))
    throw wrong(name, { zh: '不能含 *，需逐个填写', en: 'must not contain *: list each address' })
  return uri
}

function wrong(name: string, why: { zh: string; en: string }): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(name)} ${own(why.zh)}`,
    en: told`${own(name)} ${own(why.en)}`,
  })
}
