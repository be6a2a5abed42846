import { Form, Input, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { DepartmentPicker, MemberPicker, TagPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import type { Choices } from '../choices.ts'
import type { ComposeForm } from './compose-body.ts'

type Props = { form: ComposeForm; change: (patch: Partial<ComposeForm>) => void; choices: Choices }

/** The fields keep no state of their own: the values are held above, where the preview reads them too. */
export function ComposeFields(props: Props): ReactNode {
  const t = useText('messages')
  const { form, change } = props
  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('channel')}>
        <Segmented<ComposeForm['sendType']>
          value={form.sendType}
          options={[
            { value: '0', label: t('wecom') },
            { value: '2', label: t('email') },
            { value: '1', label: t('sms') },
          ]}
          onChange={sendType => change({ sendType })}
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
      {form.sendType === '1' ? <SmsFields {...props} /> : <MessageFields {...props} />}
    </Form>
  )
}

function To({ form, change }: Props): ReactNode {
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

function MessageFields({ form, change, choices }: Props): ReactNode {
  const t = useText('messages')
  const isText = form.sendType === '0' && form.msgType === '03'
  const isMail = form.sendType === '2'
  return (
    <>
      {isMail ? null : (
        <div className="wisp-two">
          <Form.Item label={t('kind')}>
            <Segmented
              value={form.msgType}
              options={(['01', '02', '03'] as const).map(value => ({ value, label: t(`kind_${value}`) }))}
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
      )}
      <Line name="title" label={t('titleField')} required={!isText} form={form} change={change} />
      <Form.Item label={t('body')} htmlFor="compose-content" required>
        <Input.TextArea
          id="compose-content"
          rows={6}
          value={form.content}
          onChange={event => change({ content: event.target.value })}
        />
      </Form.Item>
      <Line name="url" label={t('url')} required={!isText && !isMail} form={form} change={change} />
      {form.sendType === '0' && form.msgType === '02' ? (
        <Line name="picUrl" label={t('picUrl')} required form={form} change={change} />
      ) : (
        <Line name="btntxt" label={t('btntxt')} form={form} change={change} />
      )}
    </>
  )
}

function Line(props: {
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

function SmsFields({ form, change, choices }: Props): ReactNode {
  const t = useText('messages')
  const template = choices.templates.find(one => one.id === form.templateId)
  return (
    <>
      <Form.Item label={t('templateField')} htmlFor="compose-template" required>
        <Select
          id="compose-template"
          value={form.templateId ?? null}
          options={choices.templates.map(one => ({ value: one.id, label: one.id }))}
          onChange={templateId => change({ templateId: templateId ?? undefined, params: [] })}
        />
      </Form.Item>
      {(template?.params ?? []).map((name, index) => (
        <Form.Item key={name} label={t('valueOf', { name })} htmlFor={`compose-param-${name}`}>
          <Input
            id={`compose-param-${name}`}
            maxLength={500}
            value={form.params[index] ?? ''}
            onChange={event => {
              const params = template?.params.map((_, at) => form.params[at] ?? '') ?? []
              params[index] = event.target.value
              change({ params })
            }}
          />
        </Form.Item>
      ))}
    </>
  )
}
