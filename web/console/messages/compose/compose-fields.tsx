import { Form, Input, Segmented } from 'antd'
import type { ReactNode } from 'react'
import { DepartmentPicker, MemberPicker, TagPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import type { ComposeProps } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { PlainFields } from './lines.tsx'

/** The fields keep no state of their own: the values are held above, where the preview reads them too. */
export function ComposeFields(props: ComposeProps): ReactNode {
  const t = useText('messages')
  const { form, change } = props
  const Fields = viewOf(form.channel).compose?.Fields ?? PlainFields
  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('channel')}>
        <Segmented
          value={form.channel}
          options={props.choices.channels.map(({ name, label }) => ({ value: name, label }))}
          onChange={channel => change({ channel })}
        />
      </Form.Item>
      <To {...props} />
      <Form.Item label={t('agentName')} htmlFor="compose-name" required extra={t('agentNameHint')}>
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

function To({ form, change }: ComposeProps): ReactNode {
  const t = useText('messages')
  return (
    <Form.Item label={t('to')} required>
      <Segmented
        value={form.isAll ? 'all' : 'some'}
        options={[
          { value: 'some', label: t('toPeople') },
          { value: 'all', label: t('toAll') },
        ]}
        onChange={value => change({ isAll: value === 'all' })}
        style={{ marginBottom: form.isAll ? 0 : 8 }}
      />
      {form.isAll ? null : (
        <div style={{ display: 'grid', gap: 8 }}>
          <MemberPicker value={form.members} onChange={members => change({ members })} />
          <DepartmentPicker value={form.departments} onChange={departments => change({ departments })} />
          <TagPicker value={form.tags} onChange={tags => change({ tags })} />
        </div>
      )}
    </Form.Item>
  )
}
