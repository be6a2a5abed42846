import { createHash } from 'node:crypto'

/**
 * The signature by which a page may use a JS-SDK, WeChat's or WeCom's (docs/upstream/official-web.md#js-sdk). The page's address
 * is taken without its fragment. `timestamp` is in seconds.
 */
export function signPage(ticket: string, nonceStr: string, timestamp: number, url: string): string {
  const page = url.split('#', 1)[0]
  return createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`)
    .digest('hex')
}
