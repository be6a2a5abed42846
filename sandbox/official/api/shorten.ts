import { randomBytes } from 'node:crypto'
import { type Call, done, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, text, texts } from '../input.ts'

/** Short keys, and openids after a migration (docs/upstream/official-followers.md#short-keys-and-migrations). */
export const shortenCalls: readonly Call[] = [
  post('/cgi-bin/shorten/gen', ({ platform, account, input }) => {
    const { shortenBytes, shortenSeconds } = platform.rules
    const long_data = text(input, 'long_data') ?? ''
    const seconds = integer(input, 'expire_seconds') ?? shortenSeconds
    if (long_data === '' || Buffer.byteLength(long_data) > shortenBytes)
      throw new OfficialError(40097, 'long_data')
    if (seconds < 1 || seconds > shortenSeconds) throw new OfficialError(40097, 'expire_seconds')
    const short_key = randomBytes(12).toString('base64url').slice(0, 15)
    const create_time = Math.floor(platform.now() / 1000)
    account
      .collection<ShortUrl>('shortened')
      .set(short_key, { long_data, create_time, expire_seconds: seconds })
    return { ...done, short_key }
  }),
  post('/cgi-bin/shorten/fetch', ({ platform, account, input }) => {
    const known = account.collection<ShortUrl>('shortened').get(text(input, 'short_key') ?? '')
    if (!known || known.create_time + known.expire_seconds < platform.now() / 1000)
      throw new OfficialError(40097, 'short_key')
    return { ...done, ...known }
  }),
  post('/cgi-bin/changeopenid', ({ platform, account, input }) => {
    const from = platform.byAppId(text(input, 'from_appid') ?? '')
    if (!from) throw new OfficialError(40013)
    const openids = texts(input, 'openid_list') ?? []
    if (openids.length === 0 || openids.length > platform.rules.openidsPerChange)
      throw new OfficialError(40032)
    // The same person has the same place among the followers of every account.
    const result_list = openids.map(ori_openid => {
      const old = from.followers.get(ori_openid)
      const now = old && account.followers.list()[old.index]
      return now
        ? { ori_openid, new_openid: now.openid, err_msg: 'ok' }
        : { ori_openid, err_msg: 'ori_openid error' }
    })
    return { ...done, result_list }
  }),
]

interface ShortUrl {
  long_data: string
  /** In seconds. */
  create_time: number
  expire_seconds: number
}
