import { MailOutlined } from '@ant-design/icons'
import { later } from '../../../../ui/fields/later.tsx'
import type { ChannelView } from '../channel-view.ts'
import { MailPreview } from './mail-preview.tsx'

export const emailView: ChannelView = {
  Icon: MailOutlined,
  more: {
    summary: 'senderDomain',
    Body: later(() => import('./sender-domain.tsx').then(one => one.SenderDomain)),
  },
  preview: { heading: 'viaEmail', Body: MailPreview },
}
