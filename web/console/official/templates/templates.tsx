import { PlusOutlined, SyncOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'
import { useText } from '../../../ui/text.ts'
import { type Account, AccountPage } from '../use-account.tsx'
import { path, Results, type Template } from './results.tsx'

const AddTemplate = later(async () => (await import('./add-template.tsx')).AddTemplate)
const MappingForm = later(async () => (await import('./mapping-form.tsx')).MappingForm)
const TemplateView = later(async () => (await import('./template-view.tsx')).TemplateView)
const Sends = later(async () => (await import('./sends.tsx')).Sends)

/** Cannot be the id of a template, because ids contain no colon. */
const adding = ':add'

/** Both kinds of templates of an account, what became of their messages, and how the message centre uses them. */
export function Page(): ReactNode {
  const t = useText('official-templates')
  return (
    <AccountPage
      title={t('title')}
      hint={t('hint')}
      needs="subscriptionNotice"
      actions={account => <Actions account={account} />}
    >
      {account => <Content account={account} />}
    </AccountPage>
  )
}

function Actions({ account: { originalId } }: { account: Account }): ReactNode {
  const t = useText('official-templates')
  const drawer = useOpen()
  const pull = useAct('/web/official/templates/pull', { done: t('pulled'), refresh: [path] })
  return (
    <>
      <Button
        icon={<SyncOutlined aria-hidden />}
        loading={pull.isRunning}
        onClick={() => void pull.run({ originalId })}
      >
        {t('pull')}
      </Button>
      <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => drawer.open(adding)}>
        {t('add')}
      </Button>
    </>
  )
}

function Content({ account }: { account: Account }): ReactNode {
  const t = useText('official-templates')
  const drawer = useOpen()
  return (
    <>
      <Parts
        parts={[
          { key: 'templates', title: t('templates'), children: <List account={account} /> },
          { key: 'sends', title: t('sends'), children: <Sends account={account} /> },
          { key: 'mapping', title: t('mapping'), children: <MappingForm account={account} /> },
        ]}
      />
      <UrlDrawer
        title={t(drawer.id === adding ? 'add' : 'templates')}
        width={drawer.id === adding ? 'usual' : 'wide'}
      >
        {id =>
          id === adding ? (
            <AddTemplate account={account} onDone={drawer.open} />
          ) : (
            <TemplateView key={id} account={account} id={id} onGone={drawer.close} />
          )
        }
      </UrlDrawer>
    </>
  )
}

function List({ account: { originalId } }: { account: Account }): ReactNode {
  const t = useText('official-templates')
  const drawer = useOpen()
  return (
    <ListTable
      label={t('templates')}
      path={path}
      fixed={{ originalId }}
      columns={useColumns(originalId)}
      rowKey={one => one.id}
      onOpen={one => drawer.open(one.id)}
      empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
    />
  )
}

function useColumns(originalId: string): Column<Template>[] {
  const t = useText('official-templates')
  const used = useRead(path, { originalId, pageSize: 200 }).data?.mapping?.templateId
  return [
    {
      key: 'title',
      title: t('name'),
      render: one => (
        <>
          <OpenLink id={one.id}>{one.title || one.id}</OpenLink>
          {one.id === used ? (
            <div>
              <Tag color="blue">{t('used')}</Tag>
            </div>
          ) : null}
        </>
      ),
    },
    {
      key: 'kind',
      title: t('kind'),
      render: one => `${t(one.kind)}${one.isLongTerm ? ` · ${t('longTerm')}` : ''}`,
    },
    {
      key: 'fields',
      title: t('fieldsOf'),
      wideOnly: true,
      render: one => one.fields.map(field => field.label || field.name).join('、'),
    },
    { key: 'results', title: t('results'), render: one => <Results template={one} /> },
  ]
}
