import { Form, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { useRead } from '../../../../ui/data/read.ts'
import { useText } from '../../../../ui/text.ts'
import type { ComposeProps, TestInputs } from '../channel-view.ts'

export function SmsFields({ form, change, choices }: ComposeProps): ReactNode {
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

export function SmsTestFields(props: {
  inputs: TestInputs
  change: (inputs: TestInputs) => void
}): ReactNode {
  const t = useText('messages')
  const { inputs, change } = props
  const { data } = useRead('/web/messages/choices')
  const templates = data?.templates ?? []
  const chosen = templates.find(one => one.id === inputs.templateId)
  return (
    <>
      <Form.Item label={t('templateField')} htmlFor="test-template">
        <Select
          id="test-template"
          value={inputs.templateId || null}
          options={templates.map(one => ({ value: one.id, label: one.id }))}
          notFoundContent={t('noTemplates')}
          onChange={id => {
            const params = templates.find(one => one.id === id)?.params ?? []
            change({ templateId: id ?? '', params: params.map((_, index) => String(index + 1)) })
          }}
        />
      </Form.Item>
      {(chosen?.params ?? []).map((name, index) => (
        <Form.Item key={name} label={t('valueOf', { name })} htmlFor={`test-param-${name}`}>
          <Input
            id={`test-param-${name}`}
            value={inputs.params[index] ?? ''}
            maxLength={500}
            onChange={event =>
              change({
                ...inputs,
                params: inputs.params.map((one, at) => (at === index ? event.target.value : one)),
              })
            }
          />
        </Form.Item>
      ))}
    </>
  )
}
