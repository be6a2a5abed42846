import { MessageOutlined } from '@ant-design/icons'
import type { ChannelView } from '../channel-view.ts'
import { WecomFields } from './wecom-fields.tsx'
import { WecomPreview } from './wecom-preview.tsx'

export const wecomView: ChannelView = {
  Icon: MessageOutlined,
  preview: { heading: 'viaWecom', Body: WecomPreview },
  compose: {
    Fields: WecomFields,
    inputsOf({ msgType, agentId, picUrl, title, content, url, btntxt }) {
      const message = { title: title.trim(), content, url: url.trim(), btntxt: btntxt.trim() }
      const agent = agentId === undefined ? {} : { agentId: String(agentId) }
      return { ...message, msgType, ...agent, ...(msgType === '02' ? { picUrl: picUrl.trim() } : {}) }
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
