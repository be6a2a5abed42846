import { childrenOf, textIn } from '../../../upstream/official/push.ts'
import type { XmlElement } from '../../../upstream/transport/xml.ts'
import type { Effect, StoredPush } from '../callback/process-inbound.ts'
import { type NewResult, putResults } from './sends/send-store.ts'
import { insertTicks, type NewTick } from './store.ts'

/** What became of messages, and who agreed to notices (docs/upstream/official-templates.md). */
export const keepResults: Effect = async (tx, account, pushes) => {
  await putResults(tx, account, pushes.flatMap(resultsOf))
}

export const keepTicks: Effect = async (tx, account, pushes) => {
  await insertTicks(tx, account, pushes.flatMap(ticksOf))
}

function resultsOf({ push, receivedAt: at }: StoredPush): NewResult[] {
  const { event, fromUserName: openid, fields } = push
  if (event === 'TEMPLATESENDJOBFINISH') {
    const msgId = textIn(fields, 'MsgID') || textIn(fields, 'MsgId')
    const status = textIn(fields, 'Status')
    return msgId ? [{ msgId, openid, kind: 'template', templateId: '', status, at }] : []
  }
  if (event !== 'subscribe_msg_sent_event') return []
  return entriesOf(fields).flatMap((entry): NewResult[] => {
    const msgId = textIn(entry, 'MsgID') || textIn(entry, 'MsgId')
    const status = textIn(entry, 'ErrorCode') === '0' ? 'success' : textIn(entry, 'ErrorStatus') || 'failed'
    const templateId = textIn(entry, 'TemplateId')
    return msgId ? [{ msgId, openid, kind: 'subscribe', templateId, status, at }] : []
  })
}

function ticksOf({ id: eventId, push, receivedAt: at }: StoredPush): NewTick[] {
  const { event, fromUserName: openid, fields } = push
  if (event !== 'subscribe_msg_popup_event' && event !== 'subscribe_msg_change_event') return []
  const isChange = event === 'subscribe_msg_change_event'
  return entriesOf(fields).flatMap((entry, n): NewTick[] => {
    const templateId = textIn(entry, 'TemplateId')
    const choice = textIn(entry, 'SubscribeStatusString')
    if (!templateId || (choice !== 'accept' && choice !== 'reject')) return []
    const place = isChange ? 'settings' : (places[textIn(entry, 'PopupScene')] ?? 'other')
    return [{ eventId, n, openid, templateId, isAccepted: choice === 'accept', place, at }]
  })
}

const places: Readonly<Record<string, NewTick['place']>> = { '1': 'page', '2': 'article' }

const wrappers = ['SubscribeMsgPopupEvent', 'SubscribeMsgChangeEvent', 'SubscribeMsgSentEvent']

/** WeChat's page prints a change in the wrapper of another event, and JSON without any: wherever the list is, it is meant. */
function entriesOf(fields: XmlElement): XmlElement[] {
  const lists = wrappers.flatMap(name => childrenOf(fields, name)).flatMap(one => childrenOf(one, 'List'))
  return lists.length > 0 ? lists : childrenOf(fields, 'List')
}
