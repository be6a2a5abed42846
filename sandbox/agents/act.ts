import { avatarPng } from '../avatar.ts'
import { ControlError, optional, string } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import type { Upload } from '../http/multipart.ts'
import type { MediaType } from '../state/media.ts'
import { nextMsgId, pushToAgent } from './push.ts'
import type { AgentDelivery, Fields } from './pusher.ts'
import { show, showReply } from './shown.ts'
import type { AgentWorld } from './world.ts'

/** A message, as the phone shows it and as it is pushed; or an event, which the phone does not show. */
type Act = { msgtype: string; content: Record<string, unknown>; fields: Fields } | { fields: Fields }

type AgentAct = { world: AgentWorld; input: Input }

/** What a camera, a microphone and so on would have made. */
const samples: Record<MediaType, Upload> = {
  image: { name: 'photo.png', mime: 'image/png', bytes: avatarPng(7, 320) },
  voice: { name: 'voice.amr', mime: 'audio/amr', bytes: Buffer.from('#!AMR\n') },
  video: { name: 'video.mp4', mime: 'video/mp4', bytes: Buffer.from('\0\0\0\x18ftypmp42', 'latin1') },
  file: { name: 'file.txt', mime: 'text/plain', bytes: Buffer.from('text') },
}

const mediaOf =
  (type: MediaType, more: Fields = {}) =>
  ({ world }: AgentAct): Act => {
    const { id } = world.media.add(type, samples[type])
    const extra = type === 'video' ? { ThumbMediaId: world.media.add('image', samples.image).id } : {}
    return {
      msgtype: type,
      content: { media_id: id },
      fields: { MsgType: type, MediaId: id, ...extra, ...more },
    }
  }

const place = {
  Location_X: 30.2741,
  Location_Y: 120.1551,
  Scale: 15,
  Label: '杭州市西湖区',
  AppType: 'wxwork',
}

/** What a button of the menu made somebody scan. */
const scan =
  (Event: string) =>
  ({ input }: AgentAct): Act => {
    const ScanResult = optional(input, 'result', string) ?? 'https://example.com/1'
    const ScanCodeInfo = { ScanType: 'qrcode', ScanResult }
    return { fields: { Event, EventKey: string(input['key'], 'key'), ScanCodeInfo } }
  }

/** The picture itself comes as a message. */
const picture =
  (Event: string) =>
  ({ input }: AgentAct): Act => {
    const SendPicsInfo = {
      Count: 1,
      PicList: { item: { PicMd5Sum: '9a0364b9e99bb480dd25e1f0284c8555' } },
    }
    return { fields: { Event, EventKey: string(input['key'], 'key'), SendPicsInfo } }
  }

const acts: Record<string, (acting: AgentAct) => Act> = {
  text: ({ input }) => {
    const content = string(input['content'], 'content')
    if (content === '') throw new ControlError('content must not be empty')
    return { msgtype: 'text', content: { content }, fields: { MsgType: 'text', Content: content } }
  },
  image: mediaOf('image', { PicUrl: 'http://p.qpic.cn/sandbox/0' }),
  voice: mediaOf('voice', { Format: 'amr' }),
  video: mediaOf('video'),
  location: () => ({ msgtype: 'location', content: place, fields: { MsgType: 'location', ...place } }),
  link: ({ input }) => {
    const url = optional(input, 'url', string) ?? 'https://example.com/'
    const title = optional(input, 'title', string) ?? '一个链接'
    const content = { title, description: '', url }
    return {
      msgtype: 'link',
      content,
      fields: { MsgType: 'link', Title: title, Description: '', Url: url, PicUrl: '' },
    }
  },
  enter: () => ({ fields: { Event: 'enter_agent', EventKey: '' } }),
  report_location: () => ({
    fields: { Event: 'LOCATION', Latitude: 30.2741, Longitude: 120.1551, Precision: 65, AppType: 'wxwork' },
  }),
  click: ({ input }) => ({ fields: { Event: 'click', EventKey: string(input['key'], 'key') } }),
  view: ({ input }) => ({ fields: { Event: 'view', EventKey: string(input['key'], 'key') } }),
  view_miniprogram: ({ input }) => ({
    fields: { Event: 'view_miniprogram', EventKey: string(input['key'], 'key') },
  }),
  scancode_push: scan('scancode_push'),
  scancode_waitmsg: scan('scancode_waitmsg'),
  pic_sysphoto: picture('pic_sysphoto'),
  pic_photo_or_album: picture('pic_photo_or_album'),
  pic_weixin: picture('pic_weixin'),
  location_select: ({ input }) => {
    const { AppType, ...SendLocationInfo } = { ...place, Poiname: '' }
    const EventKey = string(input['key'], 'key')
    return { fields: { Event: 'location_select', EventKey, SendLocationInfo, AppType } }
  },
  subscribe: () => ({ fields: { Event: 'subscribe', EventKey: '' } }),
  unsubscribe: () => ({ fields: { Event: 'unsubscribe', EventKey: '' } }),
}

/**
 * Does what a member does in an agent's conversation, shows it on their telephone, and pushes it to the agent's receive URL.
 * Resolves when it was delivered or given up; what is answered is shown too.
 */
export async function act(world: AgentWorld, input: Input): Promise<AgentDelivery & { msgId: string }> {
  const { agentId, userId, act: name } = input
  const kind = Object.hasOwn(acts, String(name)) ? acts[String(name)] : undefined
  if (!kind) throw new ControlError(`act must be one of ${Object.keys(acts).join(', ')}`)
  const userid = string(userId, 'userId')
  const slot = world.state.slotOf(userid)
  if (slot === undefined) throw new ControlError(`there is no member ${userid}`)
  const agent = world.agents.find(one => one.agentId === Number(agentId))
  if (!agent) throw new ControlError('agentId must be an agent of the corp')
  const done = kind({ world, input })
  const msgId = 'content' in done ? nextMsgId() : ''
  const person = { slot, userid, agentId: agent.agentId }
  if ('content' in done)
    show(world, person, { msgId, msgtype: done.msgtype, content: done.content, from: userid })
  const head = { FromUserName: userid, ...(msgId && { MsgId: msgId }) }
  const delivery = await pushToAgent(world, agent.agentId, { ...head, ...done.fields })
  showReply(world, person, delivery)
  return { ...delivery, msgId }
}
