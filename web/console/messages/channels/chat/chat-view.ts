import { TeamOutlined } from '@ant-design/icons'
import { later } from '../../../../ui/fields/later.tsx'
import type { ChannelView } from '../channel-view.ts'
import { groupInputs, missingOfGroup } from '../group-text.ts'

const ChatFields = later(async () => (await import('./chat-fields.tsx')).ChatFields)

/** The composer writes texts. */
export const chatView: ChannelView = {
  Icon: TeamOutlined,
  page: '/console/messages/chats',
  compose: {
    Fields: ChatFields,
    inputsOf: form => ({ msgType: '03', ...groupInputs(form) }),
    missing: missingOfGroup,
  },
}
