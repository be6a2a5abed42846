import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalText } from '../../../platform/http/input.ts'
import { own, told } from '../../../platform/http/told.ts'
import { isAnswerable } from '../../../upstream/wecom/cards/check-card.ts'
import { agentOf } from '../../apps/agent-of-call.ts'
import { checkNoAttachments, takesFiles } from '../../message-media/message-files.ts'
import type { Channel, Composition, ContentInput } from '../channel.ts'
import { agentId, agentName, btntxt, content, messageInput, needed, title, url } from '../message-fields.ts'
import { cardContent } from './cards/content.ts'
import { cardFields } from './cards/fields.ts'
import { keepCards, keepCodes } from './cards/keep.ts'
import { type WecomContent, wecomContent } from './content.ts'
import { nameOf, recallByAgent, sendByAgent, wecomRequest } from './deliver.ts'
import { countReachedByAgent, foreseeByAgent } from './foresee.ts'
import { prepare } from './hold.ts'
import { checkSafe, isPlainKind, isPlainType, kindFields, plainContent } from './kinds.ts'
import { obstacleOf } from './obstacle.ts'
import { duplicateCheckSeconds } from './pace-store.ts'
import { isCut, wecomPreview, wecomPreviewSchemas } from './preview.ts'
import { type WecomReason, wecomReasons, wecomTextAdvice } from './reasons.ts'
import { checkWecom, onlyAgent, type WecomSettings, wecomFields, wecomForm } from './settings.ts'
import { wecomShown } from './shown.ts'

const msgTypes = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11'] as const
export type MsgType = (typeof msgTypes)[number]

const msgTypeChoice = optionalChoice(
  {
    zh: '消息类型：01-文本卡片；02-图文；03-文本；04-可回答的卡片；05-Markdown；06-图片；07-文件；08-视频；09-语音；10-小程序通知；11-图文正文。发送方式为 0、4 时必填；09、11 只用于发送方式 4，04、10 只用于发送方式 0',
    en: 'Kind: 01 text card; 02 picture and text; 03 text; 04 card that people answer; 05 Markdown; 06 picture; 07 file; 08 video; 09 voice; 10 mini-program notice; 11 article. Needed when sendType is 0 or 4; 09 and 11 are for sendType 4 alone, 04 and 10 for sendType 0',
  },
  msgTypes,
)

export const msgTypeField = {
  ...msgTypeChoice,
  // Programs that write numbers lose the zero in front.
  read: (value: unknown, name: string) =>
    msgTypeChoice.read(/^\d$/.test(String(value)) ? `0${value}` : value, name),
}

/** WeCom's messages of the corp's own agents. */
export const wecom = {
  label: { zh: '企业微信', en: 'WeCom' },
  sendType: { value: '0', word: { zh: '消息', en: 'WeCom message' } },
  reasons: wecomReasons,
  textAdvice: wecomTextAdvice,
  settings: {
    fields: wecomFields,
    check: checkWecom,
    formOf: wecomForm,
    takes: { zh: '发送消息的应用', en: 'the agent that sends' },
    isReady: (settings, corp) => (settings?.agentId ?? onlyAgent(corp)) !== undefined,
    describe({ settings: { agentId = null, dailyCap = null } = {} }) {
      return {
        data: { agentId, dailyCap },
        facts: [
          ['企业微信应用', agentId ?? '（唯一的消息应用）'],
          ['每日上限', dailyCap ?? '现有成员数 × 200'],
        ],
      }
    },
  },
  fields: {
    msgType: msgTypeField,
    agentName,
    agentId,
    title,
    content,
    url,
    btntxt,
    picUrl: optionalText(
      { zh: '图文消息图片 url，图文消息必传', en: 'Address of the picture; needed for kind 02' },
      { max: 4096 },
    ),
    ...cardFields,
    ...kindFields,
  },
  compose(given) {
    const msgType = needed('msgType', given['msgType'] as string | undefined) as MsgType
    checkFits(msgType, given)
    if (msgType === '09' || msgType === '11') throw onlyInChats(msgType)
    const { content, ...made } = composed(msgType, given)
    if (given['safe'] !== true) return { content, ...made }
    checkSafe(content)
    return { content: { ...content, safe: true }, ...made }
  },
  takes: one => (one.safe || isPlainKind(one.kind) ? takesFiles : undefined),
  sample: { msgType: '03', title: '测试', content: '这是一条测试消息。' },
  pieces: one => (one.kind === 'text' ? one.chunks.length : 1),
  previewSchemas: wecomPreviewSchemas,
  preview: (one, _setup, given) => wecomPreview(one, given && isCut(one) ? messageInput(given) : undefined),
  read: one => wecomShown(one),
  // What follows a value may be another, so that a < at its end may begin markup too. WeCom shows <a> in texts and <div>, <br> in cards (docs/upstream/wecom-messages.md#types-and-their-limits).
  plain: value => value.replaceAll(/<(?=[a-z/!?]|$)/gi, '＜'),
  reaches: ({ status }) => status === memberStatus.active,
  partSize: 1000,
  callsAtMost: 256,
  usualMs: 300,
  takesAll: one => one.kind !== 'miniprogram_notice',
  isPerPerson: one => one.kind === 'template_card' && one.perPerson,
  repeatableMs: duplicateCheckSeconds * 1000,
  agentOf: (ctx, developer, id, { settings }) => agentOf(ctx, developer, id, settings?.agentId ?? null),
  missing(_setup, corp, agentId): WecomReason | undefined {
    if (agentId === null) return { code: 'wecomNoAgent' }
    const agent = corp.agents.find(one => one.agentId === agentId)
    return agent?.uses.includes('messages') ? undefined : { code: 'wecomAgentClosed', agentId }
  },
  lacks: (setups, corp, agentId, one): WecomReason | undefined =>
    one.kind === 'template_card' && isAnswerable(one.card) && !setups.isHeard(corp.corpId, agentId)
      ? { code: 'wecomDeaf', agentId }
      : undefined,
  payload: (one, chunk, agentId, messageId) =>
    wecomRequest({ agentId, content: one, userIds: [], chunk, isChecked: true, key: messageId }, nameOf(one)),
  prepare,
  async accepted(tx, sends) {
    const cards = sends.flatMap(({ message, content }) =>
      content.kind === 'template_card' ? [{ message, content }] : [],
    )
    if (cards.length > 0) await keepCards(tx, cards)
  },
  answered: keepCodes,
  obstacle: obstacleOf,
  countReached: countReachedByAgent,
  foresee: foreseeByAgent,
  send: sendByAgent,
  recall: { withinMs: 24 * 3_600_000, send: recallByAgent },
} as const satisfies Channel<WecomSettings, WecomContent>

function onlyInChats(msgType: MsgType): ApiError {
  return new ApiError('badParameter', {
    zh: told`msgType ${own(msgType)} 只用于群聊（sendType 4）`,
    en: told`msgType ${own(msgType)} is only for group chats (sendType 4)`,
  })
}

function composed(msgType: Exclude<MsgType, '09' | '11'>, given: ContentInput): Composition<WecomContent> {
  if (msgType === '04') return { ...cardContent(given), truncated: [] }
  if (!isPlainType(msgType)) return wecomContent(msgType, messageInput(given))
  const isHidden = msgType === '05' || msgType === '10'
  return {
    ...plainContent(msgType, given),
    ...(isHidden ? { warnings: [{ path: 'msgType', why: 'wecomOnly' as const }] } : {}),
  }
}

/** Inputs that are for some kinds alone. */
const inputsOf: Readonly<Record<string, readonly string[]>> = {
  card: ['04'],
  onPress: ['04'],
  mediaId: ['06', '07', '08'],
  appid: ['10'],
  page: ['10'],
  items: ['10'],
}

/** What stands beside another kind would be lost without a word. Throws 1000. */
export function checkFits(msgType: MsgType, given: ContentInput): void {
  for (const [name, types] of Object.entries(inputsOf)) {
    const value = given[name]
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined
    if (!isGiven || types.includes(msgType)) continue
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 只在 msgType 为 ${own(types.join('、'))} 时使用`,
      en: told`${own(name)} is only for msgType ${own(types.join(', '))}`,
    })
  }
  checkNoAttachments(given)
}
