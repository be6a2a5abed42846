import type { World } from '../../../test/harness.ts'

/** What a browser does of its own: it keeps cookies by path, and follows redirects within wisp. */
export type TestBrowser = {
  get(url: string): Promise<LandingPage>
  post(url: string, form: Record<string, string>): Promise<LandingPage>
  setCookie(line: string): void
  cookies(): string[]
}

/** Where it arrived: at a page of wisp, or at an address of somebody else, which nothing is asked of. */
export type LandingPage = { url: URL; status: number; html: string; headers: Headers }

type Cookie = { name: string; value: string; path: string }

/**
 * `front`: the address by which wisp knows itself, behind which this browser always comes to the node at `base`. `sends`: headers of
 * each request, such as what browser it is.
 */
export function openBrowser(base: string, front = base, sends: Record<string, string> = {}): TestBrowser {
  const jar = new Map<string, Cookie>()

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    const path = attributes.find(one => /^path=/i.test(one))?.slice(5) ?? '/'
    const isOver = attributes.some(one => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one))
    if (isOver) jar.delete(`${name} ${path}`)
    else jar.set(`${name} ${path}`, { name, value, path })
  }

  const cookiesFor = (url: URL) =>
    [...jar.values()]
      .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')

  async function go(first: string, init: RequestInit): Promise<LandingPage> {
    let url = new URL(first, base)
    let how = init
    for (let hop = 0; hop < 15; hop++) {
      if (url.origin === new URL(front).origin) url = new URL(url.pathname + url.search, base)
      if (url.origin !== new URL(base).origin) return { url, status: 0, html: '', headers: new Headers() }
      const cookie = cookiesFor(url)
      const response = await fetch(url, {
        ...how,
        redirect: 'manual',
        headers: { accept: 'text/html', ...sends, ...(cookie ? { cookie } : {}), ...how.headers },
      })
      for (const line of response.headers.getSetCookie()) keep(line)
      const location = response.headers.get('location')
      if (!location)
        return { url, status: response.status, html: await response.text(), headers: response.headers }
      await response.arrayBuffer()
      url = new URL(location, url)
      how = {}
    }
    throw new Error(`too many redirects, last to ${url}`)
  }

  return {
    get: url => go(url, {}),
    post: (url, form) => go(url, { method: 'POST', body: new URLSearchParams(form) }),
    setCookie: keep,
    cookies: () => [...jar.values()].map(one => `${one.name} ${one.path}`),
  }
}

/** A browser in which somebody is signed in to wisp. */
export function browserOf(world: Pick<World, 'server'>, { cookie }: { cookie: string }): TestBrowser {
  const browser = openBrowser(world.server.url)
  browser.setCookie(`${cookie}; Path=/`)
  return browser
}

/** What a page's form sends of its own. */
export function hiddenFields(html: string): Record<string, string> {
  const found = html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]))
}
