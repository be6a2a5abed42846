import { MessageOutlined } from '@ant-design/icons'
import { later } from '../../../../ui/fields/later.tsx'
import { cardInputs } from '../../compose/card/card-form.ts'
import type { ComposeForm } from '../../compose/compose-form.ts'
import type { ChannelView } from '../channel-view.ts'
import { hasButton, takesSafe } from './has-button.ts'
import { WecomPreview } from './wecom-preview.tsx'

const WecomFields = later(async () => (await import('./wecom-fields.tsx')).WecomFields)
const CardDraftView = later(async () => (await import('./card-draft-view.tsx')).CardDraftView)

/** Kinds that are one thing whole, before which no name stands. */
const isWhole = (msgType: ComposeForm['msgType']) => msgType >= '05'

function wholeInputs(form: ComposeForm) {
  const { msgType, title, content, media } = form
  if (msgType === '05') return { content }
  const file = { mediaId: media?.mediaId ?? '', ...safeInput(form) }
  return msgType === '08' ? { ...file, title: title.trim(), content: content.trim() } : file
}

const safeInput = ({ msgType, isSafe }: ComposeForm) =>
  isSafe && takesSafe(msgType) ? { safe: '1' as const } : {}

export const wecomView: ChannelView = {
  Icon: MessageOutlined,
  preview: { heading: 'viaWecom', Body: WecomPreview },
  compose: {
    Fields: WecomFields,
    nameHint: ({ msgType }) =>
      msgType === '04' ? 'agentNameOnCard' : isWhole(msgType) ? 'agentNameInRecords' : undefined,
    inputsOf(form) {
      const { msgType, agentId, picUrl, title, content, url, btntxt } = form
      const byAgent = agentId === undefined ? {} : { agentId: String(agentId) }
      if (msgType === '04') return { msgType, ...byAgent, ...cardInputs(form) }
      if (isWhole(msgType)) return { msgType, ...byAgent, ...wholeInputs(form) }
      return {
        msgType,
        ...safeInput(form),
        title: title.trim(),
        content,
        url: url.trim(),
        ...byAgent,
        ...(hasButton(form) ? { btntxt: btntxt.trim() } : {}),
        ...(msgType === '02' ? { picUrl: picUrl.trim() } : {}),
      }
    },
    missing({ msgType, title, content, url, picUrl, media }) {
      // What a card needs depends on its kind; the server says it at the field.
      if (msgType === '04') return []
      if (msgType === '05') return content.trim() ? [] : ['body']
      if (isWhole(msgType)) return media ? [] : ['mediaField']
      const isCard = msgType !== '03'
      return [
        ...(isCard && !title.trim() ? (['titleField'] as const) : []),
        ...(content.trim() ? [] : (['body'] as const)),
        ...(isCard && !url.trim() ? (['url'] as const) : []),
        ...(msgType === '02' && !picUrl.trim() ? (['picUrl'] as const) : []),
      ]
    },
    Draft: CardDraftView,
    hasDraft: ({ msgType }) => msgType === '04',
  },
}
