import { MobileOutlined } from '@ant-design/icons'
import { later } from '../../../../ui/fields/later.tsx'
import type { ChannelView } from '../channel-view.ts'
import { SmsPreview } from './sms-preview.tsx'

const SmsFields = later(async () => (await import('./sms-fields.tsx')).SmsFields)
const SmsTestFields = later(async () => (await import('./sms-fields.tsx')).SmsTestFields)

export const smsView: ChannelView = {
  Icon: MobileOutlined,
  preview: { heading: 'viaSms', Body: SmsPreview },
  compose: {
    Fields: SmsFields,
    inputsOf({ templateId, params }, { templates }) {
      const names = templates.find(one => one.id === templateId)?.params ?? []
      return { templateId, params: names.map((_, index) => params[index] ?? '') }
    },
    missing({ templateId, params }, { templates }) {
      if (!templateId) return ['templateField']
      const names = templates.find(one => one.id === templateId)?.params ?? []
      return names.every((_, index) => params[index]?.trim()) ? [] : ['params']
    },
  },
  test: { Fields: SmsTestFields, isComplete: inputs => inputs.templateId !== '' },
}
