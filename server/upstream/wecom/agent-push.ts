import { parseXml, WecomXmlError, type XmlElement } from '../transport/xml.ts'

/**
 * What WeCom pushes to an agent: what somebody writes to it or does with it, or what happens to it
 * (docs/upstream/wecom-agents.md#pushes). Numbers are texts, since a MsgId is beyond 2^53.
 */
export type AgentPush = {
  toUserName: string
  /** The member's userid, `sys` where nobody acted, or ''. */
  fromUserName: string
  /** In seconds since the epoch. */
  createTime: number
  /** text, image, voice, video, location, link, event, or a newer one. */
  msgType: string
  /** Of messages. */
  msgId?: string
  /** Of events, in WeCom's own spelling: enter_agent, click, LOCATION, … */
  event?: string
  eventKey?: string
  /** The agent that was meant, where the push names one. */
  agentId?: number
  fields: XmlElement
}

/** What somebody pressed on a card. */
export type AgentCardPress = {
  taskId: string
  key: string
  cardType: string
  responseCode: string
  selected: { questionKey: string; optionIds: string[] }[]
  isMenu: boolean
}

/** Throws WecomXmlError, which quotes no content. */
export function parseAgentPush(xml: string): AgentPush {
  const fields = parseXml(xml)
  const read = (name: string) => {
    const value = fields[name]
    if (value !== undefined && typeof value !== 'string') throw new WecomXmlError(`${name} is not text`)
    return value || undefined
  }
  const toUserName = read('ToUserName')
  const msgType = read('MsgType')
  const createTime = read('CreateTime')
  const fromUserName = read('FromUserName') ?? ''
  if (!toUserName || !msgType) throw new WecomXmlError('ToUserName or MsgType is missing')
  if (!createTime || !/^\d{1,12}$/.test(createTime)) throw new WecomXmlError('CreateTime is not a number')
  const [msgId, event, eventKey] = [read('MsgId'), read('Event'), read('EventKey')]
  const agentId = agentIdOf(read('AgentID'))
  if (msgType === 'event' && !event) throw new WecomXmlError('Event is missing')
  if (msgType !== 'event' && !fromUserName) throw new WecomXmlError('FromUserName is missing')
  return {
    toUserName,
    fromUserName,
    msgType,
    createTime: Number(createTime),
    fields,
    ...(msgId ? { msgId } : {}),
    ...(event ? { event } : {}),
    ...(eventKey ? { eventKey } : {}),
    ...(agentId === undefined ? {} : { agentId }),
  }
}

/** Undefined for an empty one. Throws WecomXmlError. */
export function agentIdOf(text: string | undefined): number | undefined {
  if (!text) return undefined
  if (!/^\d{1,10}$/.test(text)) throw new WecomXmlError('AgentID is not a number')
  return Number(text)
}

const cardEvents = { template_card_event: false, template_card_menu_event: true } as const

/** The press of a card that a push tells of; undefined for any other, and for one that names no card or no code. */
export function cardPressOf({ event, eventKey = '', fields }: AgentPush): AgentCardPress | undefined {
  if (!event || !Object.hasOwn(cardEvents, event)) return undefined
  const [taskId, responseCode] = [textIn(fields, 'TaskId'), textIn(fields, 'ResponseCode')]
  if (!taskId || !responseCode) return undefined
  return {
    taskId,
    key: eventKey,
    cardType: textIn(fields, 'CardType'),
    responseCode,
    selected: selectedIn(fields),
    isMenu: cardEvents[event as keyof typeof cardEvents],
  }
}

/** WeCom's own documentation has the list of options in both spellings. */
function selectedIn(fields: XmlElement): AgentCardPress['selected'] {
  return childrenOf(fields, 'SelectedItems')
    .flatMap(items => childrenOf(items, 'SelectedItem'))
    .map(item => ({
      questionKey: textIn(item, 'QuestionKey'),
      optionIds: ['OptionIds', 'OpitonIds'].flatMap(name =>
        childrenOf(item, name).flatMap(ids => textsIn(ids, 'OptionId')),
      ),
    }))
}

/** Children of one name, whether WeCom wrote one, several or none. */
function childrenOf(element: XmlElement, name: string): XmlElement[] {
  const value = element[name]
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.filter((one): one is XmlElement => typeof one === 'object')
}

function textsIn(element: XmlElement, name: string): string[] {
  const value = element[name]
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string' && one !== '')
}

/** The text of a field, or ''. */
export function textIn(element: XmlElement, name: string): string {
  const value = element[name]
  return typeof value === 'string' ? value : ''
}
