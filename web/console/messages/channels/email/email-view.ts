import { MailOutlined } from '@ant-design/icons'
import type { ChannelView } from '../channel-view.ts'
import { MailPreview } from './mail-preview.tsx'

export const emailView: ChannelView = {
  Icon: MailOutlined,
  preview: { heading: 'viaEmail', Body: MailPreview },
}
