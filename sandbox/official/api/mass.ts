import { type Call, type CallRequest, done, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, object, text, texts } from '../input.ts'
import { type Content, readContent } from '../send/content.ts'
import { type Audience, sendMass } from '../send/mass.ts'
import { cleared } from '../send/mass-checks.ts'
import { type Mass, massOf } from '../state/mass.ts'
import { taggedWith, tagsOf } from './tag.ts'
import { followerOf } from './user.ts'

const toAllTypes = ['mpnews', 'text', 'voice', 'image', 'mpvideo', 'wxcard']
const speeds = [80, 60, 45, 30, 10]

/** Mass messages (docs/upstream/official-mass.md). */
export const massCalls: readonly Call[] = [
  post('/cgi-bin/message/mass/sendall', ask => {
    const clientMsgId = cleared(ask)
    return sendMass(
      ask,
      clientMsgId,
      readContent(ask.account, ask.input, ask.platform.rules, toAllTypes),
      filterOf(ask),
    )
  }),
  post('/cgi-bin/message/mass/send', ask => {
    const clientMsgId = cleared(ask)
    const { least, most } = ask.platform.rules.massList
    const openids = [...new Set(texts(ask.input, 'touser', 40003) ?? [])]
    if (openids.length < least) throw new OfficialError(40130)
    if (openids.length > most) throw new OfficialError(40032)
    const followers = openids.flatMap(openid => ask.account.followers.get(openid) ?? [])
    const types = [...toAllTypes, 'music']
    const content = readContent(ask.account, listInput(ask.input), ask.platform.rules, types)
    return sendMass(ask, clientMsgId, content, { total: openids.length, followers, toAll: false })
  }),
  post('/cgi-bin/message/mass/preview', ask => {
    const follower =
      ask.input['touser'] === undefined ? undefined : followerOf(ask.account, ask.input, 'touser')
    // The sandbox knows no 微信号.
    if (!follower) throw new OfficialError(40132)
    if (!follower.subscribed) throw new OfficialError(43004)
    const content: Content = readContent(ask.account, listInput(ask.input), ask.platform.rules)
    const msgId = ask.account.next('mass', 1_000_000_001)
    const { openid } = follower
    ask.account.log.add({ openid, from: 'account', how: 'preview', msgId: String(msgId), ...content })
    return { errcode: 0, errmsg: 'preview success', msg_id: msgId }
  }),
  post('/cgi-bin/message/mass/get', ask => {
    const { msgId, status } = massIn(ask)
    return { msg_id: msgId, msg_status: status }
  }),
  post('/cgi-bin/message/mass/delete', remove),
  post('/cgi-bin/message/mass/speed/get', ({ account }) => {
    const speed = account.collection<number>('massSpeed').get('speed') ?? 0
    return { speed, realspeed: speeds[speed] }
  }),
  post('/cgi-bin/message/mass/speed/set', ({ account, input }) => {
    const speed = integer(input, 'speed', 45083)
    if (speed === undefined) throw new OfficialError(45084)
    if (speeds[speed] === undefined) throw new OfficialError(45083)
    account.collection<number>('massSpeed').set('speed', speed)
    return done
  }),
]

function filterOf({ account, input }: CallRequest): Audience {
  const filter = object(input, 'filter', 40152)
  const toAll = filter['is_to_all'] === true
  if (toAll) {
    const followers = account.followers.subscribed()
    return { total: followers.length, followers, toAll }
  }
  const id = integer(filter, 'tag_id', 40152)
  if (id === undefined || !tagsOf(account).has(id)) throw new OfficialError(40152)
  const followers = taggedWith(account, id)
  return { total: followers.length, followers, toAll }
}

/** A video to a list is called `video` and stands below `mpvideo`. */
const listInput = (input: Input): Input =>
  input['msgtype'] === 'video' && input['mpvideo'] !== undefined ? { ...input, msgtype: 'mpvideo' } : input

function massIn({ account, input }: CallRequest): Mass {
  const mass = massOf(account).get(text(input, 'msg_id', 40059) ?? '')
  if (!mass) throw new OfficialError(40059)
  return mass
}

function remove(ask: CallRequest): Input {
  const mass = massIn(ask)
  if (mass.type !== 'mpnews' && mass.type !== 'mpvideo') throw new OfficialError(40059)
  const index = integer(ask.input, 'article_idx', 40060) ?? 0
  const message = ask.account.log.all().find(one => one.how === 'mass' && one.msgId === String(mass.msgId))
  const articles = message?.content['articles']
  const count = Array.isArray(articles) ? articles.length : 1
  if (index < 0 || index > count) throw new OfficialError(40060)
  if (message && Array.isArray(articles) && index > 0)
    ask.account.log.change(message, {
      ...message.content,
      articles: articles.map((one: object, n) => (n === index - 1 ? { ...one, deleted: true } : one)),
    })
  else if (message) ask.account.log.change(message, { ...message.content, deleted: true })
  if (index === 0 || count === 1) massOf(ask.account).set(mass.msgId, { ...mass, status: 'DELETE' })
  return done
}
