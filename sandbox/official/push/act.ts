import { ControlError } from '../../http/control-input.ts'
import type { OfficialPlatform } from '../platform.ts'
import type { Account, Fields } from '../state/account.ts'
import type { Follower } from '../state/followers.ts'
import { addMedia, type MediaType, sampleMedia } from '../state/media.ts'
import { type QrCode, qrCodesOf } from '../state/qr-codes.ts'
import { openWindow } from '../state/windows.ts'
import { type Act, type ActInput, acts } from './acts.ts'
import { choose } from './choose.ts'
import type { Delivery } from './pusher.ts'

/** What an act led to. */
export interface ActResult {
  openid: string
  msgId?: string
  /** Why nothing is pushed; undefined when something is. */
  kept?: 'blocked' | 'kf'
  /** The end of the push. */
  delivered: Promise<Delivery | undefined>
}

export const actNames: readonly string[] = [
  'subscribe',
  'unsubscribe',
  'scan',
  'subscribe_msg',
  'subscribe_msg_change',
  ...Object.keys(acts),
]

/**
 * Does what a follower does in WeChat: writes it into the conversation, opens the window it opens, and pushes
 * it to the account's server. Throws ControlError for what cannot be done.
 */
export function act(platform: OfficialPlatform, account: Account, input: ActInput): ActResult {
  const name = String(input['act'])
  if (!actNames.includes(name)) throw new ControlError(`act must be one of ${actNames.join(', ')}`)
  const follower = followerOf(platform, account, input, name)
  const done = build(platform, account, follower, name, input)
  account.followers.save(follower)
  const { openid } = follower
  const { from, msgId, fields } = addressed(platform, account, follower, done, input)
  account.log.add({
    openid,
    from: 'follower',
    how: done.kind === 'message' ? 'sent' : 'act',
    type: done.kind === 'message' ? done.name : 'event',
    content: done.shown,
    ...(msgId && { msgId }),
  })
  const kept = done.kind === 'message' ? keptFrom(account, follower) : undefined
  const pushed = kept
    ? Promise.resolve(undefined)
    : platform.push(account, { name: done.name, openid, fields: { ...from, ...fields }, notice: done.notice })
  return { openid, ...(msgId && { msgId }), ...(kept && { kept }), delivered: pushed }
}

/** Messages of blocked followers, and of those who talk to customer service, do not reach the server. */
function keptFrom(account: Account, follower: Follower): ActResult['kept'] {
  if (follower.blocked) return 'blocked'
  return account.collection('kfSessions').has(follower.openid) ? 'kf' : undefined
}

function followerOf(platform: OfficialPlatform, account: Account, input: ActInput, name: string): Follower {
  const joins = name === 'subscribe' || name === 'scan' || name === 'subscribe_msg'
  const openid = input['openid'] ?? (joins ? `o${platform.nextId().padStart(27, 'S')}` : undefined)
  if (typeof openid !== 'string' || !/^[\w-]{1,64}$/.test(openid))
    throw new ControlError('openid must be an openid')
  const known = account.followers.get(openid)
  if (known && (known.subscribed || joins)) {
    if (name === 'subscribe' && known.subscribed) throw new ControlError(`${openid} follows already`)
    return known
  }
  if (!joins) throw new ControlError(`${openid} does not follow ${account.profile.name}`)
  return known ?? account.followers.addOne(openid)
}

function build(
  platform: OfficialPlatform,
  account: Account,
  follower: Follower,
  name: string,
  input: ActInput,
): Act {
  const now = platform.now()
  let done: Act
  if (name === 'subscribe' || name === 'scan') done = join(account, follower, input, now)
  else if (name === 'unsubscribe') {
    Object.assign(follower, { subscribed: false, windows: [] })
    done = { kind: 'event', name, fields: { EventKey: '' }, shown: { event: name }, notice: false }
  } else if (name.startsWith('subscribe_msg')) done = choose(account, follower, name, input, platform.rules)
  else {
    done = acts[name]!(input, type => {
      const sample = sampleMedia(type as MediaType, now)
      return addMedia(account, sample, `follower${platform.nextId()}`).id
    })
  }
  if (done.opens) follower.windows = openWindow(follower.windows, done.opens, platform.rules, now)
  return done
}

/** Subscribes, by a QR code when the input has one; a follower who scans one only says so. */
function join(account: Account, follower: Follower, input: ActInput, now: number): Act {
  const code = codeOf(account, input)
  const followed = follower.subscribed
  const key = code === undefined ? '' : `${followed ? '' : 'qrscene_'}${code.scene}`
  const fields = { EventKey: key, ...(code?.ticket !== undefined && { Ticket: code.ticket }) }
  const event = followed ? 'SCAN' : 'subscribe'
  if (!followed) {
    const { scene: _, qrScene: __, ...others } = follower
    Object.assign(follower, others, {
      subscribed: true,
      subscribedAt: Math.floor(now / 1000),
      scene: code ? 'ADD_SCENE_QR_CODE' : 'ADD_SCENE_SEARCH',
      qrScene: code?.scene,
    })
  }
  return {
    kind: 'event',
    name: event,
    fields,
    shown: { event, ...(code && { scene: code.scene }) },
    opens: followed ? 'scan' : 'subscribe',
    notice: true,
  }
}

function codeOf(
  account: Account,
  input: ActInput,
): (Pick<QrCode, 'scene'> & { ticket?: string }) | undefined {
  const { ticket, scene } = input
  if (ticket !== undefined) {
    const code = qrCodesOf(account).get(String(ticket))
    if (!code) throw new ControlError('there is no QR code with this ticket')
    return code
  }
  if (typeof scene === 'number' || typeof scene === 'string') return { scene }
  if (input['act'] === 'scan') throw new ControlError('scan needs a ticket or a scene')
  return undefined
}

/** The head and the end of a push. A script may repeat an old time and id. */
function addressed(
  platform: OfficialPlatform,
  account: Account,
  follower: Follower,
  done: Act,
  input: ActInput,
): { from: Fields; msgId: string | undefined; fields: Fields } {
  const createTime = input['createTime'] ?? Math.floor(platform.now() / 1000)
  if (typeof createTime !== 'number') throw new ControlError('createTime must be a number')
  const head = {
    ToUserName: account.profile.originalId,
    FromUserName: follower.openid,
    CreateTime: createTime,
  }
  if (done.kind === 'event')
    return { from: { ...head, MsgType: 'event', Event: done.name }, msgId: undefined, fields: done.fields }
  const msgId = String(input['msgId'] ?? platform.nextId())
  return { from: { ...head, MsgType: done.name }, msgId, fields: { ...done.fields, MsgId: msgId } }
}
