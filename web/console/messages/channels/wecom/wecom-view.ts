import { MessageOutlined } from '@ant-design/icons'
import type { ChannelView } from '../channel-view.ts'
import { hasButton } from './has-button.ts'
import { WecomFields } from './wecom-fields.tsx'
import { WecomPreview } from './wecom-preview.tsx'

export const wecomView: ChannelView = {
  Icon: MessageOutlined,
  preview: { heading: 'viaWecom', Body: WecomPreview },
  compose: {
    Fields: WecomFields,
    inputsOf(form) {
      const { msgType, agentId, picUrl, title, content, url, btntxt } = form
      return {
        ...{ msgType, title: title.trim(), content, url: url.trim() },
        ...(agentId === undefined ? {} : { agentId: String(agentId) }),
        ...(hasButton(form) ? { btntxt: btntxt.trim() } : {}),
        ...(msgType === '02' ? { picUrl: picUrl.trim() } : {}),
      }
    },
    missing({ msgType, title, content, url, picUrl }) {
      const isCard = msgType !== '03'
      return [
        ...(isCard && !title.trim() ? (['titleField'] as const) : []),
        ...(content.trim() ? [] : (['body'] as const)),
        ...(isCard && !url.trim() ? (['url'] as const) : []),
        ...(msgType === '02' && !picUrl.trim() ? (['picUrl'] as const) : []),
      ]
    },
  },
}
