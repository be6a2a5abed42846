import { MobileOutlined } from '@ant-design/icons'
import type { ChannelView } from '../channel-view.ts'
import { SmsFields, SmsTestFields } from './sms-fields.tsx'
import { SmsPreview } from './sms-preview.tsx'

export const smsView: ChannelView = {
  Icon: MobileOutlined,
  preview: { heading: 'viaSms', Body: SmsPreview },
  compose: {
    Fields: SmsFields,
    inputsOf({ templateId, params }, { templates }) {
      const names = templates.find(one => one.id === templateId)?.params ?? []
      return { templateId, params: names.map((_, index) => params[index] ?? '') }
    },
    isComplete: form => Boolean(form.templateId),
  },
  test: { Fields: SmsTestFields, isComplete: inputs => inputs.templateId !== '' },
}
