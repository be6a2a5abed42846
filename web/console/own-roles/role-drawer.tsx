import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { beginView } from '../../ui/storage/view-as.ts'
import { useText } from '../../ui/text.ts'
import { Holders } from './holders.tsx'
import { RoleForm } from './role-form.tsx'

/** Opened by `?open=new` or `?open=<number>`. */
export function RoleDrawer(): ReactNode {
  const t = useText('own-roles')
  const { id, close } = useOpen()
  return (
    <UrlDrawer title={t(id === 'new' ? 'add' : 'edit')} width="wide">
      {id => (id === 'new' ? <RoleForm saved={close} /> : <Known id={Number(id)} close={close} />)}
    </UrlDrawer>
  )
}

function Known(props: { id: number; close(): void }): ReactNode {
  const t = useText('own-roles')
  const { givesRoles } = useSession()
  const { data, error, refetch } = useRead('/web/roles/role', { id: props.id })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      {data.role.state === 'empty' ? <Alert type="warning" showIcon title={t('emptyHint')} /> : null}
      <Holders detail={data} />
      {givesRoles ? (
        <RoleForm
          key={data.version}
          detail={data}
          saved={props.close}
          more={<MoreActs detail={data} removed={props.close} />}
        />
      ) : null}
    </>
  )
}

function MoreActs(props: { detail: Answer<'/web/roles/role'>; removed(): void }): ReactNode {
  const t = useText('own-roles')
  const { role, version } = props.detail
  const view = useAct('/web/roles/view-as')
  const remove = useAct('/web/roles/remove', {
    done: t('removed'),
    refresh: ['/web/roles'],
    confirm: () => ({
      title: t('confirmRemove', { name: role.name }),
      content: t('confirmRemoveText'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const look = async () => {
    const begun = await view.run({ as: { role: role.id } })
    if (begun) beginView(begun.view)
  }
  const drop = async () => {
    if (await remove.run({ id: role.id, version })) props.removed()
  }
  return (
    <>
      {role.state === 'ended' ? null : (
        <Button loading={view.isRunning} onClick={() => void look()}>
          {t('viewAs')}
        </Button>
      )}
      <Button danger loading={remove.isRunning} onClick={() => void drop()}>
        {t('remove')}
      </Button>
    </>
  )
}
