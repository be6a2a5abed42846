import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ControlError, onlyKeys, optional, string, whole } from '../../http/control-input.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import type { Account } from '../state/account.ts'
import type { Follower } from '../state/followers.ts'
import { reaches } from '../state/log.ts'
import { menuOf } from '../state/menus.ts'
import { accountOf } from './console.ts'

const tail = 300
const pushesShown = 20

/**
 * Somebody's WeChat as server-sent events, for one follower of each of some accounts (`followers=originalId:openid,…`):
 * `message` for each entry, again when one changes, `pushes` with the latest ones, and `ready` after the existing entries. A
 * reset of the sandbox ends it; browsers then connect again.
 */
export function streamFollowers(
  platform: OfficialPlatform,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const input = request.query as Input
  onlyKeys(input, 'followers', 'tail')
  const followed = string(input['followers'], 'followers')
    .split(',')
    .map(pair => {
      const [originalId, openid] = pair.split(':')
      const one = { originalId, openid }
      return { account: accountOf(platform, one), follower: followerOf(platform, one) }
    })
  const most = optional(input, 'tail', whole(0, 10_000)) ?? tail
  const { raw } = reply
  reply.hijack()
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  raw.write('retry: 1000\n\n')
  const ends = followed.map(({ account, follower }) => follow(platform, account, follower, most, raw))
  raw.write('event: ready\ndata: {}\n\n')
  raw.on('close', () => {
    for (const end of ends) end()
  })
  return reply
}

/** Tells what there is and what comes of one follower, until the returned function is called. */
function follow(
  platform: OfficialPlatform,
  account: Account,
  { openid, index }: Follower,
  most: number,
  raw: ServerResponse,
): () => void {
  const { originalId } = account.profile
  const tell = (event: string, data: object): boolean =>
    raw.write(`event: ${event}\ndata: ${JSON.stringify({ originalId, ...data })}\n\n`)
  const tellPushes = (): void => {
    const own = platform.pusher.recent(originalId).filter(push => push.openid === openid)
    const { server } = account.settings
    tell('pushes', {
      server: server && { url: server.url, mode: server.mode },
      pushes: own.slice(-pushesShown).reverse(),
    })
  }
  for (const message of account.log.of(openid, index).slice(-most)) tell('message', message)
  tellPushes()
  const unlisten = account.log.listen(message => {
    if (message === undefined) raw.end()
    else if (message.openid === openid || reaches(message, index)) tell('message', message)
  })
  const unpush = platform.pusher.listen(delivery => {
    if (delivery.openid === openid) tellPushes()
  })
  return () => {
    unlisten()
    unpush()
  }
}

function followerOf(platform: OfficialPlatform, input: Input) {
  const follower = accountOf(platform, input).followers.get(String(input['openid']))
  if (!follower) throw new ControlError(`there is no follower ${input['openid']}`)
  return follower
}

/** The menu that a follower sees. */
export function showMenu(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId', 'openid')
  return { button: menuOf(accountOf(platform, input), followerOf(platform, input)) }
}
