import { ControlError } from '../../http/control-input.ts'
import type { Fields } from '../state/account.ts'
import type { Trigger } from '../state/windows.ts'

/** What a follower does: a message, or an event with a name. */
export interface Act {
  kind: 'message' | 'event'
  /** MsgType, or Event. */
  name: string
  fields: Fields
  /** What the follower's own telephone shows. */
  shown: Record<string, unknown>
  /** The window for customer-service messages that this opens. */
  opens?: Trigger
  /** Whether WeChat tells the follower when nothing useful is answered. */
  notice: boolean
}

export type ActInput = Record<string, unknown>

const pictures = ['pic_sysphoto', 'pic_photo_or_album', 'pic_weixin']

/** Texts are never empty: WeChat sends no empty elements for what a script left out. */
function text(input: ActInput, key: string, otherwise?: string): string {
  const value = input[key] ?? otherwise
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') throw new ControlError(`${key} must be a text`)
  return value
}

function number(input: ActInput, key: string, otherwise: number): number {
  const value = input[key] ?? otherwise
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ControlError(`${key} must be a number`)
  return value
}

const message = (name: string, fields: Fields, shown: Act['shown']): Act => ({
  kind: 'message',
  name,
  fields,
  shown,
  opens: 'message',
  notice: true,
})

const event = (name: string, fields: Fields, more: Partial<Act> = {}): Act => ({
  kind: 'event',
  name,
  fields,
  shown: { event: name, ...fields },
  notice: false,
  ...more,
})

const place = (input: ActInput): Fields => ({
  Location_X: number(input, 'latitude', 30.2741),
  Location_Y: number(input, 'longitude', 120.1551),
  Scale: number(input, 'scale', 15),
  Label: text(input, 'label', '杭州市西湖区'),
})

/**
 * Messages and events by the name that a script gives (docs/upstream/official-push.md#events); `media` makes a media id of a
 * kind.
 */
export const acts: Record<string, (input: ActInput, media: (type: string) => string) => Act> = {
  text: input => {
    const content = text(input, 'content')
    return message('text', { Content: content }, { content })
  },
  msgmenu: input => {
    // A choice in a msgmenu comes as a text, but opens the window of a menu click
    // (docs/upstream/official-customer-service.md#windows).
    const content = text(input, 'content')
    const fields = { Content: content, bizmsgmenuid: text(input, 'id') }
    return { ...message('text', fields, { content }), opens: 'menu' }
  },
  image: (input, media) => {
    const mediaId = text(input, 'mediaId', media('image'))
    const picUrl = text(input, 'picUrl', 'http://mmbiz.qpic.cn/mmbiz_jpg/sandbox/0')
    return message('image', { PicUrl: picUrl, MediaId: mediaId }, { mediaId, picUrl })
  },
  voice: (input, media) => {
    const mediaId = text(input, 'mediaId', media('voice'))
    const recognition = text(input, 'recognition', '')
    const fields = { MediaId: mediaId, Format: 'amr', ...(recognition && { Recognition: recognition }) }
    return message('voice', fields, { mediaId, recognition })
  },
  video: (input, media) => film('video', input, media),
  shortvideo: (input, media) => film('shortvideo', input, media),
  location: input => {
    const fields = place(input)
    return message('location', fields, { ...fields })
  },
  link: input => {
    const shown = {
      title: text(input, 'title'),
      description: text(input, 'description', ''),
      url: text(input, 'url'),
    }
    return message('link', { Title: shown.title, Description: shown.description, Url: shown.url }, shown)
  },
  click: input => event('CLICK', { EventKey: text(input, 'key') }, { opens: 'menu', notice: true }),
  view: input => event('VIEW', { EventKey: text(input, 'url'), ...menuId(input) }),
  view_miniprogram: input =>
    event('view_miniprogram', { EventKey: text(input, 'pagepath'), ...menuId(input) }),
  scancode_push: input => event('scancode_push', scanned(input), { opens: 'menu' }),
  scancode_waitmsg: input => event('scancode_waitmsg', scanned(input), { opens: 'menu', notice: true }),
  ...Object.fromEntries(pictures.map(name => [name, (input: ActInput) => event(name, sentPictures(input))])),
  location_select: input =>
    event('location_select', {
      EventKey: text(input, 'key'),
      SendLocationInfo: { ...place(input), Poiname: text(input, 'poi', '') },
    }),
  report_location: input =>
    event('LOCATION', {
      Latitude: number(input, 'latitude', 30.2741),
      Longitude: number(input, 'longitude', 120.1551),
      Precision: number(input, 'precision', 65),
    }),
  /** Any event, for what WeChat may invent. */
  event: input => event(text(input, 'event'), (input['fields'] ?? {}) as Fields),
}

function film(name: string, input: ActInput, media: (type: string) => string): Act {
  const mediaId = text(input, 'mediaId', media('video'))
  return message(name, { MediaId: mediaId, ThumbMediaId: media('thumb') }, { mediaId })
}

const menuId = (input: ActInput): Fields =>
  input['menuId'] === undefined ? {} : { MenuId: text(input, 'menuId') }

const scanned = (input: ActInput): Fields => ({
  EventKey: text(input, 'key'),
  ScanCodeInfo: { ScanType: text(input, 'scanType', 'qrcode'), ScanResult: text(input, 'result') },
})

function sentPictures(input: ActInput): Fields {
  const count = number(input, 'count', 1)
  const list = Array.from({ length: count }, (_, n) => ({
    PicMd5Sum: `5a75aaca956d97be686719218f275c${String(n).padStart(2, '0')}`,
  }))
  return { EventKey: text(input, 'key'), SendPicsInfo: { Count: count, PicList: { item: list } } }
}
