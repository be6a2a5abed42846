import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { useSession } from '../../../ui/data/session.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { useText } from '../../../ui/text.ts'
import type { ComposeProps } from '../channels/channel-view.ts'
import type { ComposeForm } from './compose-form.ts'

const MediaField = later(async () => (await import('./media-field.tsx')).MediaField)

type Props = Pick<ComposeProps, 'form' | 'change'>

export function Line(props: {
  name: 'title' | 'url' | 'picUrl' | 'btntxt'
  label: string
  required?: boolean
  form: ComposeForm
  change: Props['change']
}): ReactNode {
  const t = useText('messages')
  const id = `compose-${props.name}`
  return (
    <Form.Item label={props.label} htmlFor={id} required={props.required === true}>
      <Input
        id={id}
        maxLength={props.name === 'title' ? 1000 : 4096}
        placeholder={props.required ? '' : t('optional')}
        value={props.form[props.name]}
        onChange={event => props.change({ [props.name]: event.target.value })}
      />
    </Form.Item>
  )
}

export function ContentLine(props: Props & { hint?: string; isOptional?: boolean }): ReactNode {
  const t = useText('messages')
  const { form, change, hint, isOptional = false } = props
  return (
    <Form.Item label={t('body')} htmlFor="compose-content" required={!isOptional} extra={hint}>
      <Input.TextArea
        id="compose-content"
        rows={isOptional ? 2 : 6}
        placeholder={isOptional ? t('optional') : ''}
        value={form.content}
        onChange={event => change({ content: event.target.value })}
      />
    </Form.Item>
  )
}

/** The composer of a channel that has none of its own: its lines, in this order. */
export function PlainFields({ form, change, choices }: ComposeProps): ReactNode {
  const t = useText('messages')
  const hasFiles = useSession().features.has('message-media')
  const lines = choices.channels.find(one => one.name === form.channel)?.lines ?? {}
  const labels = { title: t('titleField'), url: t('url'), btntxt: t('btntxt') }
  const line = (name: 'title' | 'url' | 'btntxt') =>
    lines[name] ? (
      <Line
        name={name}
        label={labels[name]}
        required={lines[name] === 'required'}
        form={form}
        change={change}
      />
    ) : null
  return (
    <>
      {line('title')}
      {lines.content ? <ContentLine form={form} change={change} /> : null}
      {line('url')}
      {form.url.trim() ? line('btntxt') : null}
      {lines.attachments && hasFiles ? (
        <MediaField
          label={t('attachments')}
          use="mail"
          value={form.attachments}
          onChange={attachments => change({ attachments })}
        />
      ) : null}
    </>
  )
}
