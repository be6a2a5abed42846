import { Form, Input, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import type { ComposeProps } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { PlainFields } from './lines.tsx'
import { ReceiverPicker } from './receiver-picker.tsx'

/** The fields keep no state of their own: the values are held above, where the preview reads them too. */
export function ComposeFields(props: ComposeProps): ReactNode {
  const t = useText('messages')
  const { form, change } = props
  const own = viewOf(form.channel).compose
  const Fields = own?.Fields ?? PlainFields
  const { channels } = props.choices
  const places = channels.find(one => one.name === form.channel)?.places
  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('channel')}>
        <Segmented
          className="wisp-kinds"
          value={form.channel}
          options={channels
            .filter(({ places }) => !places || places.all.length > 0)
            .map(({ name, label }) => ({ value: name, label }))}
          onChange={channel => change({ channel, places: [], mention: [] })}
        />
      </Form.Item>
      <Form.Item label={t('to')} htmlFor="compose-to" required>
        {places ? (
          <Select
            id="compose-to"
            mode="multiple"
            optionFilterProp="label"
            placeholder={t('placesPlaceholder')}
            value={[...form.places]}
            options={places.all.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={ids => change({ places: ids })}
          />
        ) : (
          <ReceiverPicker id="compose-to" value={form.to} onChange={to => change({ to })} />
        )}
      </Form.Item>
      <Form.Item
        label={t('agentName')}
        htmlFor="compose-name"
        required
        extra={t(own?.nameHint?.(form) ?? 'agentNameHint')}
      >
        <Input
          id="compose-name"
          maxLength={32}
          value={form.agentName}
          onChange={event => change({ agentName: event.target.value })}
        />
      </Form.Item>
      <Fields {...props} />
    </Form>
  )
}
