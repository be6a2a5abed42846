import { type Call, type CallRequest, done, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { object, text } from '../input.ts'
import { readContent } from '../send/content.ts'
import type { Account } from '../state/account.ts'
import { takeFromWindow } from '../state/windows.ts'
import { kfAccountOf } from './kf.ts'
import { followerOf } from './user.ts'

/** To whom an account is typing, by openid; until when in ms. */
const typing = new WeakMap<Account, Map<string, number>>()

/** Customer-service messages (docs/upstream/official-customer-service.md). */
export const customCalls: readonly Call[] = [
  post('/cgi-bin/message/custom/send', send),
  post('/cgi-bin/message/custom/typing', type),
]

function send({ platform, account, input }: CallRequest): Input {
  const follower = followerOf(account, input, 'touser')
  if (!follower.subscribed) throw new OfficialError(45015)
  const content = readContent(account, input, platform.rules)
  const worker =
    input['customservice'] === undefined
      ? undefined
      : kfAccountOf(account, object(input, 'customservice')).kf_account
  takeFromWindow(follower.windows, platform.now())
  account.followers.save(follower)
  account.log.add({
    openid: follower.openid,
    from: 'account',
    how: 'custom',
    ...content,
    ...(worker !== undefined && { content: { ...content.content, worker } }),
  })
  return done
}

function type({ platform, account, input }: CallRequest): Input {
  const follower = followerOf(account, input, 'touser')
  const command = text(input, 'command')
  const now = platform.now()
  const until = typing.get(account) ?? new Map<string, number>()
  typing.set(account, until)
  if (command === 'CancelTyping') {
    until.delete(follower.openid)
    return done
  }
  if (command !== 'Typing') throw new OfficialError(45072)
  const { typingInteractionSeconds, typingSeconds } = platform.rules
  const last = account.log.of(follower.openid, follower.index).findLast(one => one.from === 'follower')
  if (!last || now - Date.parse(last.at) > typingInteractionSeconds * 1000) throw new OfficialError(45080)
  if ((until.get(follower.openid) ?? 0) > now) throw new OfficialError(45081)
  until.set(follower.openid, now + typingSeconds * 1000)
  return done
}
