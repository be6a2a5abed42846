import type { FastifyReply, FastifyRequest } from 'fastify'
import { ControlError, onlyKeys, optional, whole } from '../../control/input.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import { reaches } from '../state/log.ts'
import { menuOf } from '../state/menus.ts'
import { accountOf } from './console.ts'

const tail = 300
const pushesShown = 20

/**
 * A follower's telephone as server-sent events: `message` for each entry, again when one changes, `pushes` with
 * the latest ones, and `ready` after the existing entries. A reset of the sandbox ends it; browsers then connect again.
 */
export function streamFollower(
  platform: OfficialPlatform,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const input = request.query as Input
  onlyKeys(input, 'originalId', 'openid', 'tail')
  const account = accountOf(platform, input)
  const follower = followerOf(platform, input)
  const { raw } = reply
  reply.hijack()
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  const tell = (event: string, data: unknown): boolean =>
    raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const tellPushes = (): void => {
    const own = platform.pusher
      .recent(account.profile.originalId)
      .filter(push => push.openid === follower.openid)
    const { server } = account.settings
    tell('pushes', {
      server: server && { url: server.url, mode: server.mode },
      pushes: own.slice(-pushesShown).reverse(),
    })
  }
  raw.write('retry: 1000\n\n')
  const most = optional(input, 'tail', whole(0, 10_000)) ?? tail
  for (const message of account.log.of(follower.openid, follower.index).slice(-most)) tell('message', message)
  tellPushes()
  tell('ready', {})
  const unlisten = account.log.listen(message => {
    if (message === undefined) raw.end()
    else if (message.openid === follower.openid || reaches(message, follower.index)) tell('message', message)
  })
  const unpush = platform.pusher.listen(delivery => {
    if (delivery.openid === follower.openid) tellPushes()
  })
  raw.on('close', () => {
    unlisten()
    unpush()
  })
  return reply
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
