import { Checkbox, Form, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { useSession } from '../../../../ui/data/session.tsx'
import { later } from '../../../../ui/fields/later.tsx'
import { useText } from '../../../../ui/text.ts'
import { ContentLine, Line } from '../../compose/lines.tsx'
import type { ComposeProps } from '../channel-view.ts'
import { CardFields } from './card-fields.tsx'
import { hasButton, takesSafe } from './has-button.ts'

const MediaField = later(async () => (await import('../../compose/media-field.tsx')).MediaField)

export function WecomFields(props: ComposeProps): ReactNode {
  const { form, change, choices } = props
  const t = useText('messages')
  const hasFiles = useSession().features.has('message-media')
  const kinds = hasFiles ? allKinds : firstKinds
  return (
    <>
      <div className="wisp-two">
        <Form.Item label={t('kind')}>
          <Segmented
            value={form.msgType}
            className="wisp-kinds"
            options={kinds.map(value => ({ value, label: t(`kind_${value}`) }))}
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
      {form.msgType === '04' ? <CardFields {...props} /> : <KindFields form={form} change={change} />}
      {hasFiles && takesSafe(form.msgType) ? (
        <Form.Item extra={t('safeHint')}>
          <Checkbox checked={form.isSafe} onChange={event => change({ isSafe: event.target.checked })}>
            {t('safe')}
          </Checkbox>
        </Form.Item>
      ) : null}
    </>
  )
}

const firstKinds = ['03', '01', '02', '04'] as const
const allKinds = [...firstKinds, '05', '06', '07', '08'] as const

function KindFields(props: Pick<ComposeProps, 'form' | 'change'>): ReactNode {
  const t = useText('messages')
  const { form, change } = props
  const { msgType } = form
  if (msgType === '05') return <ContentLine form={form} change={change} hint={t('markdownHint')} />
  if (msgType !== '06' && msgType !== '07' && msgType !== '08') return <PlainLines {...props} />
  return (
    <>
      <MediaField
        key={msgType}
        label={t('mediaField')}
        use={msgType}
        value={form.media ? [form.media] : []}
        onChange={([media]) => change({ media })}
      />
      {msgType === '08' ? (
        <>
          <Line name="title" label={t('titleField')} form={form} change={change} />
          <ContentLine form={form} change={change} isOptional />
        </>
      ) : null}
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
