import { Button, Form, Input, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, Row } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { newTemplate } from './new-template.ts'

const path = '/web/approvals/templates'
const settingsPath = '/web/approvals/settings'
type Template = Row<typeof path>
type Developers = Answer<typeof settingsPath>['developers']
type Values = {
  templateId: string
  flow: Template['flow']
  name?: string
  applies: string[]
  reads: string[]
}

export function TemplateForm(props: { id: string; onDone(): void }): ReactNode {
  const read = useRead(path, { pageSize: 200 })
  const settings = useRead(settingsPath)
  const error = read.error ?? settings.error
  if (error && !(read.data && settings.data))
    return <ErrorState error={error} retry={() => void Promise.all([read.refetch(), settings.refetch()])} />
  if (!read.data || !settings.data) return <Loading />
  const found = read.data.list.find(one => one.templateId === props.id)
  if (!found && props.id !== newTemplate) return <NotFound />
  return <Fields template={found} developers={settings.data.developers} onDone={props.onDone} />
}

function Fields(props: {
  template: Template | undefined
  developers: Developers
  onDone(): void
}): ReactNode {
  const { template, onDone } = props
  const t = useText('approvals')
  const common = useText('common')
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const named = { templateId: 'templateId', name: 'name' }
  const save = useFormAct(
    '/web/approvals/templates/save',
    form,
    { named },
    { done: t('saved'), refresh: [path] },
  )
  const flow = Form.useWatch('flow', form) ?? template?.flow ?? 'wecom'
  const isNeeded = { required: true, message: t('required') }
  const options = props.developers.map(({ devId, name }) => ({ value: devId, label: name }))
  const devIdsOf = (what: 'applies' | 'reads') =>
    (template?.grants ?? []).filter(one => one[what]).map(one => one.devId)
  return (
    <DrawerForm<Values>
      form={form}
      name="approval-template"
      submit={common('save')}
      isRunning={save.isRunning}
      more={template ? <Remove template={template} onDone={onDone} /> : null}
      initialValues={{
        templateId: template?.templateId ?? '',
        flow: template?.flow ?? 'wecom',
        name: template?.name ?? '',
        applies: devIdsOf('applies'),
        reads: devIdsOf('reads'),
      }}
      onValuesChange={unsaved.touch}
      onFinish={async ({ flow: chosen, name, ...values }) => {
        const isOwn = chosen === 'own'
        const given = { ...values, isOwn: isOwn ? ('1' as const) : ('0' as const) }
        if (!(await save.run({ ...given, ...(isOwn && name ? { name } : {}) }))) return
        unsaved.clear()
        onDone()
      }}
    >
      <Form.Item name="flow" label={t('flow')}>
        <Segmented
          disabled={template !== undefined}
          options={(['wecom', 'own'] as const).map(value => ({ value, label: t(`flow_${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="templateId" label={t('templateId')} extra={t('templateIdHint')} rules={[isNeeded]}>
        <Input maxLength={128} disabled={template !== undefined} autoComplete="off" />
      </Form.Item>
      {flow === 'own' ? (
        <Form.Item name="name" label={t('name')} rules={[isNeeded]}>
          <Input maxLength={64} />
        </Form.Item>
      ) : null}
      <Form.Item name="applies" label={t('applies')} extra={t('appliesHint')}>
        <Select mode="multiple" optionFilterProp="label" options={options} />
      </Form.Item>
      <Form.Item name="reads" label={t('reads')} extra={t('readsHint')}>
        <Select mode="multiple" optionFilterProp="label" options={options} />
      </Form.Item>
    </DrawerForm>
  )
}

function Remove({ template, onDone }: { template: Template; onDone(): void }): ReactNode {
  const t = useText('approvals')
  const common = useText('common')
  const { templateId, name } = template
  const remove = useAct('/web/approvals/templates/remove', {
    done: t('removed'),
    refresh: [path],
    confirm: () => ({
      title: t('remove', { name }),
      content: t('removeHint'),
      okText: common('delete'),
      danger: true,
    }),
  })
  return (
    <Button
      danger
      loading={remove.isRunning}
      onClick={async () => {
        if (await remove.run({ templateId })) onDone()
      }}
    >
      {common('delete')}
    </Button>
  )
}
