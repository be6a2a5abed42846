import { Form, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import { ContentLine, Line } from '../../compose/lines.tsx'
import type { ComposeProps } from '../channel-view.ts'
import { CardFields } from './card-fields.tsx'
import { hasButton } from './has-button.ts'

export function WecomFields(props: ComposeProps): ReactNode {
  const { form, change, choices } = props
  const t = useText('messages')
  return (
    <>
      <div className="wisp-two">
        <Form.Item label={t('kind')}>
          <Segmented
            value={form.msgType}
            options={(['03', '01', '02', '04'] as const).map(value => ({ value, label: t(`kind_${value}`) }))}
            onChange={msgType => change({ msgType })}
          />
        </Form.Item>
        <Form.Item label={t('agent')} htmlFor="compose-agent">
          <Select
            id="compose-agent"
            allowClear
            placeholder={t('defaultAgent')}
            value={form.agentId ?? null}
            options={choices.agents.map(one => ({ value: one.agentId, label: one.name }))}
            onChange={agentId => change({ agentId: agentId ?? undefined })}
          />
        </Form.Item>
      </div>
      {form.msgType === '04' ? <CardFields {...props} /> : <PlainLines form={form} change={change} />}
    </>
  )
}

/** A text, a text card, or an article. */
function PlainLines({ form, change }: Pick<ComposeProps, 'form' | 'change'>): ReactNode {
  const t = useText('messages')
  const isText = form.msgType === '03'
  return (
    <>
      <Line name="title" label={t('titleField')} required={!isText} form={form} change={change} />
      <ContentLine form={form} change={change} />
      <Line name="url" label={t('url')} required={!isText} form={form} change={change} />
      {form.msgType === '02' ? (
        <Line name="picUrl" label={t('picUrl')} required form={form} change={change} />
      ) : null}
      {hasButton(form) ? <Line name="btntxt" label={t('btntxt')} form={form} change={change} /> : null}
    </>
  )
}
