import { Checkbox, Form, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import type { CallInput } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'

/** The announcement that goes with a message; a title or text that nobody has written follows the message. */
export type PinForm = { title?: string; content?: string; days: number }

const usualDays = 7
const days = [1, 3, 7, 14, 30]
const dayMs = 86_400_000

type PinProps = {
  value: PinForm | undefined
  onChange: (value: PinForm | undefined) => void
  /** What the message says. */
  said: { title: string; content: string }
}

/** Pins what is sent on the workbench of its receivers. */
export function PinFields({ value, onChange, said }: PinProps): ReactNode {
  const t = useText('messages')
  return (
    <Form.Item extra={value ? undefined : t('pinHint')}>
      <Checkbox
        checked={value !== undefined}
        onChange={event => onChange(event.target.checked ? { days: usualDays } : undefined)}
      >
        {t('pin')}
      </Checkbox>
      {value ? (
        <div className="wisp-pin">
          <Form.Item label={t('pinTitle')} htmlFor="compose-pin-title" required>
            <Input
              id="compose-pin-title"
              maxLength={64}
              value={value.title ?? titleOf(said)}
              onChange={event => onChange({ ...value, title: event.target.value })}
            />
          </Form.Item>
          <Form.Item label={t('pinContent')} htmlFor="compose-pin-content">
            <Input.TextArea
              id="compose-pin-content"
              maxLength={2000}
              rows={3}
              value={value.content ?? said.content.slice(0, 2000)}
              onChange={event => onChange({ ...value, content: event.target.value })}
            />
          </Form.Item>
          <Form.Item label={t('pinDays')} htmlFor="compose-pin-days">
            <Select
              id="compose-pin-days"
              value={value.days}
              options={days.map(n => ({ value: n, label: t('nDays', { n }) }))}
              onChange={n => onChange({ ...value, days: n })}
            />
          </Form.Item>
        </div>
      ) : null}
    </Form.Item>
  )
}

function titleOf({ title, content }: PinProps['said']): string {
  return (title.trim() || (content.trim().split('\n')[0] ?? '')).slice(0, 64)
}

export function isPinComplete(pin: PinForm | undefined, said: PinProps['said']): boolean {
  return pin === undefined || (pin.title ?? titleOf(said)).trim() !== ''
}

/** The input of the call. */
export function pinOf(
  pin: PinForm | undefined,
  said: PinProps['said'],
): Pick<CallInput<'/web/messages/send'>, 'pin'> {
  if (!pin) return {}
  const { title = titleOf(said), content = said.content.slice(0, 2000) } = pin
  const until = new Date(Date.now() + pin.days * dayMs).toISOString()
  return { pin: { title: title.trim(), content, until } }
}
