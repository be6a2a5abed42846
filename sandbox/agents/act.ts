import { knownAgent } from '../control/console.ts'
import { ControlError, onlyKeys, optional, string } from '../control/input.ts'
import type { Input } from '../http/input.ts'
import type { WecomEntry } from '../messages/entry.ts'
import type { World } from '../state/world.ts'
import { pushToAgent } from './push.ts'
import type { AgentDelivery, Fields } from './pusher.ts'
import type { ParsedXml } from './reply.ts'

const words = { content: 'Content', key: 'EventKey', url: 'EventKey', pagepath: 'EventKey' } as const

/**
 * What a member does with an agent on the telephone: writes to it, opens it, or uses its menu. It is pushed to the agent, and what is
 * answered at once arrives at the member as a message does.
 */
export async function actOnAgent(
  world: World,
  input: Input,
): Promise<AgentDelivery & { reply: ParsedXml | null }> {
  onlyKeys(input, 'agentId', 'userid', 'act', 'content', 'key', 'url', 'pagepath', 'result')
  const agentId = knownAgent(world)(input['agentId'], 'agentId')
  const userid = string(input['userid'], 'userid')
  const slot = world.state.slotOf(userid)
  if (slot === undefined) throw new ControlError(`there is no member ${userid}`)
  const fieldsOf = acts[string(input['act'], 'act')]
  if (!fieldsOf) throw new ControlError(`act must be one of ${Object.keys(acts).join(', ')}`)
  const FromUserName = world.state.userids[slot] ?? userid
  const delivery = await pushToAgent(world, agentId, { FromUserName, ...fieldsOf(world, input) })
  if (delivery.reply) deliverReply(world, agentId, { slot, userid: FromUserName }, delivery.reply)
  return delivery
}

const event =
  (Event: string, name?: keyof typeof words) =>
  (_world: World, input: Input): Fields => ({
    Event,
    EventKey: name ? string(input[name], name) : '',
  })

const scan =
  (Event: string) =>
  (_world: World, input: Input): Fields => ({
    Event,
    EventKey: string(input['key'], 'key'),
    ScanCodeInfo: {
      ScanType: 'qrcode',
      ScanResult: optional(input, 'result', string) ?? 'https://example.com/1',
    },
  })

const picture =
  (Event: string) =>
  (_world: World, input: Input): Fields => ({
    Event,
    EventKey: string(input['key'], 'key'),
    SendPicsInfo: { Count: 1, PicList: { item: { PicMd5Sum: '9a0364b9e99bb480dd25e1f0284c8555' } } },
  })

const place = { Location_X: '23.134521', Location_Y: '113.358803', Scale: '15', Label: '广州市天河区' }

const acts: Readonly<Record<string, (world: World, input: Input) => Fields>> = {
  text: (_world, input) => ({ MsgType: 'text', Content: string(input['content'], 'content') }),
  location: () => ({ MsgType: 'location', ...place, AppType: 'wxwork' }),
  link: () => ({
    MsgType: 'link',
    Title: '一个网页',
    Description: '',
    Url: 'https://example.com/',
    PicUrl: '',
  }),
  enter: event('enter_agent'),
  click: event('click', 'key'),
  view: event('view', 'url'),
  view_miniprogram: event('view_miniprogram', 'pagepath'),
  scancode_push: scan('scancode_push'),
  scancode_waitmsg: scan('scancode_waitmsg'),
  pic_sysphoto: picture('pic_sysphoto'),
  pic_photo_or_album: picture('pic_photo_or_album'),
  pic_weixin: picture('pic_weixin'),
  location_select: (_world, input) => ({
    Event: 'location_select',
    EventKey: string(input['key'], 'key'),
    SendLocationInfo: { ...place, Poiname: '' },
    AppType: 'wxwork',
  }),
}

type Member = { slot: number; userid: string }

/** Changes of cards are no messages: whoever pressed the card sees them on it. */
function deliverReply(world: World, agentId: number, { slot, userid }: Member, reply: ParsedXml): void {
  const msgtype = String(reply['MsgType'])
  const content = contentOf[msgtype]?.(reply)
  if (!content) return
  const entry = {
    channel: 'wecom' as const,
    ...{ agentId, msgId: '', to: [userid], dropped: [], all: false, msgtype, content },
    isReply: true as const,
  }
  world.messages.append(entry, [slot]) as WecomEntry
}

const child = (reply: ParsedXml, name: string) => reply[name] as ParsedXml
const mediaOf = (name: string) => (reply: ParsedXml) => ({ media_id: child(reply, name)['MediaId'] })

const contentOf: Readonly<Record<string, (reply: ParsedXml) => Record<string, unknown>>> = {
  text: reply => ({ content: reply['Content'] }),
  image: mediaOf('Image'),
  voice: mediaOf('Voice'),
  video: reply => {
    const { MediaId, Title = '', Description = '' } = child(reply, 'Video')
    return { media_id: MediaId, title: Title, description: Description }
  },
  news: reply => {
    const items = [child(reply, 'Articles')['item']].flat() as ParsedXml[]
    const articles = items.map(({ Title = '', Description = '', Url = '', PicUrl = '' }) => ({
      ...{ title: Title, description: Description, url: Url, picurl: PicUrl },
    }))
    return { articles }
  },
}
