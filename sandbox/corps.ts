import type { IncomingMessage, RequestListener } from 'node:http'
import { signInPaths } from './sign-in/read-request.ts'
import type { World } from './world/world.ts'

/** A corp with whatever answers its calls. */
export interface CorpServer {
  world: World
  handle: RequestListener
}

/**
 * The corps of one WeCom. Each has a sandbox of its own at its own address, with its console and its phones; a call to any of
 * these addresses reaches the corp that it names, by its id or by a token.
 */
export class Corps {
  readonly #servers = new Set<CorpServer>()

  join(server: CorpServer): void {
    this.#servers.add(server)
  }

  leave(server: CorpServer): void {
    this.#servers.delete(server)
  }

  /** What answers a request that came to `own`. */
  handlerOf(own: CorpServer, request: IncomingMessage): RequestListener {
    if (this.#servers.size < 2) return own.handle
    const url = URL.parse(request.url ?? '', 'http://sandbox')
    const query = url?.searchParams ?? new URLSearchParams()
    const corpId = query.get('corpid') ?? query.get('appid')
    const token = query.get('access_token')
    const isNamed = ({ world }: CorpServer): boolean =>
      corpId === world.identity.corpId || (token !== null && world.tokens.has(token))
    const other = isNamed(own) ? undefined : [...this.#servers].find(isNamed)
    if (!other) return own.handle
    // A sign-in page asks for more, so the browser goes where all of it is.
    if (!signInPaths.includes(url?.pathname ?? '')) return other.handle
    return (_request, response) => {
      response.writeHead(302, { location: `${other.world.url}${request.url}` }).end()
    }
  }
}
