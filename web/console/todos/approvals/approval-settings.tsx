import { PlusOutlined } from '@ant-design/icons'
import { Button, Form, Select } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Answer, Row } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { newTemplate } from './new-template.ts'

const TemplateForm = later(async () => (await import('./template-form.tsx')).TemplateForm)

const path = '/web/approvals/settings'
const listPath = '/web/approvals/templates'
type Settings = Answer<typeof path>
type Template = Row<typeof listPath>

/** By which app approvals are asked for, and which developers may use which template. */
export function Page(): ReactNode {
  const t = useText('approvals')
  const read = useRead(path)
  const { id, open, close } = useOpen()
  const columns = useColumns(read.data?.developers ?? [])
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open(newTemplate)}>
      {t('addTemplate')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('settings')} hint={t('settingsHint')} actions={add} />
      <Apps settings={read.data} />
      <ListTable
        label={t('templates')}
        path={listPath}
        columns={columns}
        rowKey={row => row.templateId}
        onOpen={row => open(row.templateId)}
        empty={<EmptyState title={t('noTemplates')} hint={t('noTemplatesHint')} action={add} />}
      />
      <UrlDrawer title={t(id === newTemplate ? 'addTemplate' : 'template')}>
        {one => <TemplateForm key={one} id={one} onDone={close} />}
      </UrlDrawer>
    </>
  )
}

type AppValues = { agentId: number | undefined; appId: string | undefined }

function Apps({ settings }: { settings: Settings }): ReactNode {
  const t = useText('approvals')
  const common = useText('common')
  const [form] = Form.useForm<AppValues>()
  const fields = { named: { agentId: 'agentId', appId: 'appId' } }
  const save = useFormAct('/web/approvals/settings/save', form, fields, {
    done: t('saved'),
    refresh: [path],
  })
  const { agentId, appId, agents, apps } = settings
  return (
    <Panel title={t('apps')} style={{ marginBlockEnd: 16 }}>
      <Form<AppValues>
        form={form}
        layout="vertical"
        name="approval-apps"
        initialValues={{ agentId: agentId ?? undefined, appId: appId ?? undefined }}
        onFinish={values =>
          void save.run({
            agentId: values.agentId ?? 0,
            ...(values.appId ? { appId: values.appId } : {}),
          })
        }
      >
        <Form.Item
          name="agentId"
          label={t('agent')}
          extra={t('agentHint')}
          rules={[{ required: true, message: t('required') }]}
        >
          <Select options={agents.map(one => ({ value: one.agentId, label: one.name || one.agentId }))} />
        </Form.Item>
        <Form.Item name="appId" label={t('app')} extra={t('appHint')}>
          <Select allowClear options={apps.map(one => ({ value: one.id, label: one.name }))} />
        </Form.Item>
        <Button htmlType="submit" loading={save.isRunning}>
          {common('save')}
        </Button>
      </Form>
    </Panel>
  )
}

function useColumns(developers: Settings['developers']): Column<Template>[] {
  const t = useText('approvals')
  const namesOf = (row: Template, what: 'applies' | 'reads') =>
    row.grants
      .filter(one => one[what])
      .map(one => developers.find(({ devId }) => devId === one.devId)?.name ?? one.devId)
      .join('、') || '—'
  return [
    { key: 'name', title: t('name'), render: row => <OpenLink id={row.templateId}>{row.name}</OpenLink> },
    { key: 'flow', title: t('flow'), render: row => t(`flow_${row.flow}`) },
    { key: 'applies', title: t('applies'), render: row => <bdi>{namesOf(row, 'applies')}</bdi> },
    { key: 'reads', title: t('reads'), render: row => <bdi>{namesOf(row, 'reads')}</bdi> },
  ]
}
