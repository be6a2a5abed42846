import { RobotOutlined } from '@ant-design/icons'
import { later } from '../../../../ui/fields/later.tsx'
import type { ChannelView } from '../channel-view.ts'
import { groupInputs, missingOfGroup } from '../group-text.ts'
import { RobotPreview } from './robot-preview.tsx'

const RobotFields = later(async () => (await import('./robot-fields.tsx')).RobotFields)

export const robotView: ChannelView = {
  Icon: RobotOutlined,
  page: '/console/messages/robots',
  preview: { heading: 'viaOther', Body: RobotPreview },
  compose: { Fields: RobotFields, inputsOf: groupInputs, missing: missingOfGroup },
}
