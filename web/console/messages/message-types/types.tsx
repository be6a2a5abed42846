import { PlusOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button, Space } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, Filters, ListTable, UrlSearch } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { messageTypeAddress, newObject } from '../../object-addresses.ts'
import { ChannelWord } from '../words.tsx'
import { TypeState, Waits } from './type-state.tsx'
import { newValues } from './type-values.ts'

const TypeFigures = later(async () => (await import('./type-figures.tsx')).TypeFigures)
const TypeForm = later(async () => (await import('./type-form.tsx')).TypeForm)

const path = '/web/message-types'
/** Stands for messages without a type. */
const untyped = '-'

/** What is said by which channels, in which words. */
export function Page(): ReactNode {
  const t = useText('message-types')
  const console = useText('console')
  const drawer = useOpen()
  const navigate = useNavigate()
  const columns = useColumns()
  const toType = (key: string) => void navigate({ to: messageTypeAddress(key) as never })
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => drawer.open(newObject)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle
        title={console('messageTypes')}
        hint={t('hint')}
        actions={
          <>
            <Button onClick={() => drawer.open(untyped)}>{t('untypedFigures')}</Button>
            {add}
          </>
        }
      />
      <Filters>
        <UrlSearch name="search" placeholder={t('search')} />
      </Filters>
      <ListTable
        label={t('label')}
        path={path}
        columns={columns}
        rowKey={row => row.key}
        filters={['search']}
        defaultSort="key"
        onOpen={row => toType(row.key)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} action={add} />}
      />
      <UrlDrawer title={drawer.id === untyped ? t('untypedFigures') : t('add')} width="wide">
        {id =>
          id === untyped ? (
            <TypeFigures typeKey={untyped} isOfCorp />
          ) : (
            <TypeForm values={newValues} onSaved={toType} />
          )
        }
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<typeof path>>[] {
  const t = useText('message-types')
  return [
    {
      key: 'name',
      title: t('name'),
      sorts: true,
      render: row => <PageLink to={messageTypeAddress(row.key)}>{row.name}</PageLink>,
    },
    { key: 'key', title: t('key'), sorts: true, render: row => <code>{row.key}</code> },
    { key: 'level', title: t('level'), render: row => t(`level_${row.level}`) },
    {
      key: 'channels',
      title: t('channels'),
      render: row => (
        <Space wrap size={[12, 0]}>
          {row.channels.map(channel => (
            <ChannelWord key={channel} channel={channel} />
          ))}
        </Space>
      ),
    },
    { key: 'owner', title: t('owner'), render: row => row.developer || t('ofCorp') },
    {
      key: 'state',
      title: t('state'),
      render: row => (
        <Space wrap size={[8, 4]}>
          <TypeState type={row} />
          <Waits type={row} />
        </Space>
      ),
    },
  ]
}
