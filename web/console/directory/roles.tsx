import { Button, Tag } from 'antd'
import { type ReactNode, useRef } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { laterDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelectMany } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { ConfirmSelf } from './confirm-self.tsx'
import './directory.css'

const RoleDrawer = laterDrawer(async () => (await import('./role-drawer.tsx')).RoleDrawer)

const path = '/web/directory/roles'

export function Page(): ReactNode {
  const t = useText('directory')
  const { open } = useOpen()
  const system = useRead(path, { pageSize: 1 }).data?.systemAccount ?? 'admin'
  return (
    <>
      <PageTitle
        title={t('rolesTitle')}
        hint={t('rolesHint', { system })}
        actions={
          <Button type="primary" onClick={() => open('new')}>
            {t('addAdministrator')}
          </Button>
        }
      />
      <Filters>
        <UrlSearch name="text" placeholder={t('searchAdministrators')} />
        <UrlSelectMany
          name="level"
          label={t('level')}
          options={[
            { value: '2', label: t('levelSuper') },
            { value: '3', label: t('levelGraded') },
            { value: '4', label: t('levelHelpDesk') },
          ]}
        />
      </Filters>
      <ListTable
        path={path}
        label={t('rolesTitle')}
        rowKey={row => row.userId}
        filters={['text', 'level']}
        columns={useColumns(system)}
        onOpen={row => open(row.userId)}
        empty={<EmptyState title={t('noAdministrators')} hint={t('noAdministratorsHint', { system })} />}
      />
      <RoleDrawer />
    </>
  )
}

function useColumns(system: string): Column<Row<'/web/directory/roles'>>[] {
  const t = useText('directory')
  return [
    {
      key: 'userName',
      title: t('name'),
      sorts: true,
      render: row => (
        <>
          <OpenLink id={row.userId}>{row.userName}</OpenLink> {row.isYou ? <Tag>{t('isYou')}</Tag> : null}
          <div className="wisp-quiet" style={{ fontSize: 12, fontWeight: 400 }}>
            {row.userId}
          </div>
        </>
      ),
    },
    {
      key: 'level',
      title: t('level'),
      sorts: true,
      render: row => <State kind={row.isActive ? 'good' : 'warn'}>{t(levelNames[row.level])}</State>,
    },
    {
      key: 'departments',
      title: t('departments'),
      render: row => (row.level === 3 ? <Assigned departments={row.departments} /> : t('allDepartments')),
    },
    { key: 'act', title: '', align: 'right', render: row => <Remove row={row} system={system} /> },
  ]
}

const levelNames = { 2: 'levelSuper', 3: 'levelGraded', 4: 'levelHelpDesk' } as const

function Assigned(props: { departments: Row<'/web/directory/roles'>['departments'] }): ReactNode {
  const t = useText('directory')
  return (
    <ul className="directory-plain">
      {props.departments.map(one => (
        <li key={one.orgId} title={one.path}>
          {one.orgName || one.orgId} <span className="wisp-quiet">{t(one.manage ? 'manage' : 'view')}</span>
        </li>
      ))}
    </ul>
  )
}

function Remove(props: { row: Row<'/web/directory/roles'>; system: string }): ReactNode {
  const t = useText('directory')
  const { row, system } = props
  const typed = useRef('')
  const act = useAct('/web/directory/role-remove', {
    done: t('roleSaved'),
    refresh: ['/web/directory', '/web/session'],
    confirm: () => ({
      title: t('confirmRemove', { name: row.userName }),
      content: (
        <>
          <p>{t('confirmRemoveText', { system })}</p>
          {row.isYou ? (
            <ConfirmSelf
              userId={row.userId}
              onChange={text => {
                typed.current = text.trim()
              }}
            />
          ) : null}
        </>
      ),
      okText: t('removeAdministrator'),
      danger: true,
    }),
  })
  const input: { userId: string; version: string; confirm?: string } = {
    userId: row.userId,
    version: row.version,
    // A getter, because the value is typed in the dialog and read when the call is made after it.
    get confirm() {
      return typed.current
    },
  }
  return (
    <Button size="small" danger loading={act.isRunning} onClick={() => void act.run(input)}>
      {t('removeAdministrator')}
    </Button>
  )
}
