import { WechatOutlined } from '@ant-design/icons'
import type { ChannelView } from '../channel-view.ts'
import { OfficialPreview } from './official-preview.tsx'

export const officialView: ChannelView = {
  Icon: WechatOutlined,
  preview: { heading: 'viaOfficial', Body: OfficialPreview },
}
