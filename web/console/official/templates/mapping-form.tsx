import { Button, Form, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, CallInput } from '../../../ui/data/api.ts'
import { level } from '../../../ui/data/level.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import type { Account } from '../use-account.tsx'
import { path, type Template } from './results.tsx'

type FieldInput = CallInput<'/web/official/templates/map'>['fields'][number]
type Mapping = NonNullable<Answer<typeof path>['mapping']>

const sources = ['title', 'content', 'agentName', 'sentAt', 'text'] as const

/** By which template the message centre sends, and what fills its fields. */
export function MappingForm({ account }: { account: Account }): ReactNode {
  const t = useText('official-templates')
  const { person } = useSession()
  const read = useRead(path, { originalId: account.originalId, pageSize: 200 })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, mapping } = read.data
  return (
    <>
      <p className="wisp-quiet">
        {t('mappingHint')} {person.roleLevel === level.graded ? t('mappingSuper') : ''}
      </p>
      <Fields
        key={JSON.stringify(mapping)}
        account={account}
        templates={list}
        mapping={mapping}
        isReadOnly={person.roleLevel === level.graded}
      />
    </>
  )
}

/** A first proposal: times take the time of sending, and texts the title and then the content. */
function proposal({ fields }: Template): Record<string, FieldInput> {
  const texts = (['title', 'content', 'agentName'] as const).values()
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      if (type === 'time' || type === 'date') return [name, { field: name, from: 'sentAt' as const }]
      const isText = type === '' || type === 'thing' || type === 'short_thing'
      const from = isText ? texts.next().value : undefined
      return [name, from ? { field: name, from } : { field: name, from: 'text' as const, text: '' }]
    }),
  )
}

function Fields(props: {
  account: Account
  templates: readonly Template[]
  mapping: Mapping | null
  isReadOnly: boolean
}): ReactNode {
  const t = useText('official-templates')
  const { account, templates, mapping, isReadOnly } = props
  const [templateId, setTemplateId] = useState(mapping?.templateId ?? '')
  const [filled, setFilled] = useState<Record<string, FieldInput>>(() =>
    Object.fromEntries((mapping?.fields ?? []).map(one => [one.field, one])),
  )
  const save = useAct('/web/official/templates/map', {
    done: t('saved'),
    refresh: [path, '/web/messages/'],
  })
  const template = templates.find(one => one.id === templateId)
  const fields = (template?.fields ?? []).filter(field => !field.isDropped)
  const change = (field: string, patch: Partial<FieldInput>) =>
    setFilled({ ...filled, [field]: { field, from: 'text', ...filled[field], ...patch } })
  return (
    <Form layout="vertical" component="div" style={{ maxWidth: 560 }} disabled={isReadOnly}>
      <Form.Item label={t('templates')} htmlFor="mapping-template">
        <Select
          id="mapping-template"
          value={templateId}
          options={[
            { value: '', label: t('mappingNone') },
            ...templates.map(one => ({ value: one.id, label: `${one.title} · ${t(one.kind)}` })),
          ]}
          onChange={id => {
            setTemplateId(id)
            const chosen = templates.find(one => one.id === id)
            setFilled(chosen ? proposal(chosen) : {})
          }}
        />
      </Form.Item>
      {fields.map(({ name, label }) => {
        const { from, text = '' } = filled[name] ?? { from: undefined }
        return (
          <Form.Item key={name} label={`${label || name}（${name}）`} htmlFor={`mapping-${name}`} required>
            <Select
              id={`mapping-${name}`}
              value={from ?? null}
              options={sources.map(value => ({ value, label: t(`from_${value}`) }))}
              onChange={value => change(name, { from: value ?? 'text' })}
            />
            {from === 'text' ? (
              <Input
                style={{ marginTop: 8 }}
                aria-label={t('fixedText', { name: label || name })}
                maxLength={200}
                value={text}
                onChange={event => change(name, { text: event.target.value })}
              />
            ) : null}
          </Form.Item>
        )
      })}
      {isReadOnly ? null : (
        <Button
          type="primary"
          loading={save.isRunning}
          onClick={() =>
            void save.run({
              originalId: account.originalId,
              templateId,
              fields: fields.flatMap(({ name }) => filled[name] ?? []),
            })
          }
        >
          {t('save')}
        </Button>
      )}
    </Form>
  )
}
