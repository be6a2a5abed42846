/** A browser of somebody who has `cookies` at `address`, where they are signed in: follows redirects, and gives each host and port its own cookies. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  constructor(address: string, cookies: string) {
    this.#take(new URL(address).origin, cookies.split('; '))
  }

  /** Sends what a page sends by itself, too. */
  async open(address: string): Promise<{ url: string; status: number; text: string }> {
    let form: URLSearchParams | undefined
    for (let url = address, hops = 0; hops < 15; hops++) {
      const { origin } = new URL(url)
      const cookie = [...(this.#cookies.get(origin) ?? [])].map(pair => pair.join('=')).join('; ')
      const init = { redirect: 'manual', headers: { cookie, accept: 'text/html' } } as const
      const response = await fetch(url, form ? { ...init, method: 'POST', body: form } : init)
      this.#take(origin, response.headers.getSetCookie())
      form = undefined
      const location = response.headers.get('location')
      const text = await response.text()
      const sent = text.includes('document.forms[0].submit()') ? formIn(text) : undefined
      if (location === null && !sent) return { url, status: response.status, text }
      form = sent?.fields
      url = new URL(location ?? sent?.action ?? '', url).href
    }
    throw new Error(`${address} redirects without an end`)
  }

  #take(origin: string, lines: readonly string[]): void {
    const known = this.#cookies.get(origin) ?? new Map<string, string>()
    for (const line of lines) {
      const [pair = ''] = line.split(';', 1)
      const at = pair.indexOf('=')
      known.set(pair.slice(0, at), pair.slice(at + 1))
    }
    this.#cookies.set(origin, known)
  }
}

function formIn(html: string): { action: string; fields: URLSearchParams } {
  const plain = (text = '') => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  return {
    action: plain(/<form method="post" action="([^"]*)">/.exec(html)?.[1]),
    fields: new URLSearchParams(fields.map(([, name, value]) => [plain(name), plain(value)])),
  }
}
