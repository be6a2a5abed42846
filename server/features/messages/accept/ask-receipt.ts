import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { ContentInput } from '../../channels/channel.ts'
import { type ChannelName, channelOf } from '../../channels/channels.ts'
import { messagePath } from '../marks/links.ts'

/** How a channel lets its receivers say that they received a message. `byCard`: WeCom's agent hears what is pressed on its cards. */
export type ReceiptWay = { byCard: boolean; publicUrl: string; msgId: string }

/** WeCom shows no more of a card (docs/upstream/wecom-cards.md#fields). */
const titleAtMost = 36
const textAtMost = 112
const hasMarkup = /<\/?[a-z]/i

/**
 * The inputs of a channel for a message with a receipt. A text or text card for WeCom that a card can show whole becomes one with the
 * button 收到. Of what else has room for it, the link leads to the message's own page, which has that button, or follows at the end of the text.
 * SMS, pictures with text and templates of official accounts stay as they are: they are acknowledged in 我的消息.
 */
export function askReceipt(channel: ChannelName, given: ContentInput, way: ReceiptWay): ContentInput {
  const page = way.publicUrl + messagePath(way.msgId)
  const isText = channel === 'wecom' && (given['msgType'] === '03' || given['msgType'] === '01')
  if (isText && way.byCard && fitsCard(given)) return asCard(given, page)
  if (!('url' in channelOf(channel).fields)) return given
  if (given['url'] === undefined) return { ...given, url: page, btntxt: '收到' }
  if (isText) {
    const link = `<a href="${page}">点「收到」</a>`
    return { ...given, msgType: '03', content: `${textOf(given, 'content')}\n\n${link}` }
  }
  if (channel === 'email')
    return { ...given, content: `${textOf(given, 'content')}\n\n请打开并点「收到」：${page}` }
  return given
}

const textOf = (given: ContentInput, name: string) => String(given[name] ?? '')

function fitsCard(given: ContentInput): boolean {
  const [title, text] = [textOf(given, 'title'), textOf(given, 'content')]
  return [...title].length <= titleAtMost && [...text].length <= textAtMost && !hasMarkup.test(text)
}

function asCard(given: ContentInput, page: string): ContentInput {
  const { agentName, agentId } = given
  const title = textOf(given, 'title')
  const text = textOf(given, 'content')
  const card: TemplateCard = {
    card_type: 'button_interaction',
    main_title: { title: title || agentName },
    sub_title_text: text,
    card_action: { type: 1, url: textOf(given, 'url') || page },
    button_list: [{ text: '收到', style: 1, key: receivedKey }],
  }
  return {
    msgType: '04',
    agentName,
    ...(agentId === undefined ? {} : { agentId }),
    card,
    onPress: { replaceName: '已收到' },
  }
}

/** The key of the button of such a card. */
const receivedKey = 'received'
