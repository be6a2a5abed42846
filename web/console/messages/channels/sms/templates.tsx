import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../../ui/data/act.tsx'
import type { Row } from '../../../../ui/data/api.ts'
import { EmptyState } from '../../../../ui/feedback.tsx'
import { later } from '../../../../ui/fields/later.tsx'
import { type Column, Filters, ListTable, UrlSearch } from '../../../../ui/list-table.tsx'
import { PageTitle } from '../../../../ui/page-title.tsx'
import { useText } from '../../../../ui/text.ts'
import { newTemplate } from './new-template.ts'

const TemplateForm = later(async () => (await import('./template-form.tsx')).TemplateForm)

const path = '/web/messages/templates'

export function Page(): ReactNode {
  const t = useText('messages')
  const drawer = useOpen()
  const columns = useColumns()
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => drawer.open(newTemplate)}>
      {t('addTemplate')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('templatesTitle')} hint={t('templatesHint')} actions={add} />
      <Filters>
        <UrlSearch name="search" placeholder={t('searchTemplates')} />
      </Filters>
      <ListTable
        label={t('templatesLabel')}
        path={path}
        columns={columns}
        rowKey={row => row.id}
        filters={['search']}
        defaultSort="id"
        onOpen={row => drawer.open(row.id)}
        empty={<EmptyState title={t('noTemplates')} hint={t('noTemplatesHint')} action={add} />}
      />
      <UrlDrawer title={t(drawer.id === newTemplate ? 'addTemplate' : 'editTemplate')} width="wide">
        {id => <TemplateForm key={id} id={id} onDone={drawer.close} />}
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/messages/templates'>>[] {
  const t = useText('messages')
  return [
    {
      key: 'id',
      title: t('templateId'),
      sorts: true,
      render: row => <OpenLink id={row.id}>{row.id}</OpenLink>,
    },
    { key: 'vendorId', title: t('vendorId'), render: row => row.vendorId },
    { key: 'params', title: t('params'), render: row => row.params.join('、') || '—' },
    {
      key: 'text',
      title: t('templateText'),
      render: row => <div style={{ maxWidth: 360, overflowWrap: 'anywhere' }}>{row.text || '—'}</div>,
    },
    { key: 'remove', title: '', align: 'right', render: row => <Remove id={row.id} /> },
  ]
}

function Remove(props: { id: string }): ReactNode {
  const t = useText('messages')
  const common = useText('common')
  const remove = useAct('/web/messages/templates/remove', {
    done: t('removed'),
    refresh: ['/web/messages/'],
    confirm: ({ id }) => ({
      title: t('removeTemplate', { id }),
      content: t('removeTemplateHint'),
      okText: common('delete'),
      danger: true,
    }),
  })
  return (
    <Button
      size="small"
      type="text"
      danger
      icon={<DeleteOutlined aria-hidden />}
      aria-label={`${common('delete')} ${props.id}`}
      loading={remove.isRunning}
      onClick={() => void remove.run({ id: props.id })}
    />
  )
}
