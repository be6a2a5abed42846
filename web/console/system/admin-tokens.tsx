import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { EmptyState, Loading, Settled } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { newObject } from '../object-addresses.ts'
import './system.css'
import { later } from '../../ui/fields/later.tsx'

const MakeToken = later(async () => (await import('./make-token.tsx')).MakeToken)

const path = '/web/admin-tokens'
const setUp = {
  account: '/signin?setup=second-factor&to=/console/system/admin-tokens',
  member: '/portal?me=devices',
}

/** The tokens with which programs manage wisp in the place of a super administrator. */
export function Page(): ReactNode {
  const t = useText('system')
  const { data, isPending } = useRead(path, { pageSize: 1 })
  const { open, close } = useOpen()
  return (
    <>
      <PageTitle
        title={t('tokenTitle')}
        hint={
          <>
            {t('tokenHint')}{' '}
            <a href="/docs/run/management" target="_blank" rel="noreferrer" className="system-whole">
              {t('tokenGuide')}
            </a>
          </>
        }
        actions={
          data?.mayMake ? (
            <Button type="primary" onClick={() => open(newObject)}>
              {t('tokenAdd')}
            </Button>
          ) : null
        }
      />
      <Settled isReady={!isPending}>
        {data && !data.mayMake ? <NoFactor /> : null}
        <ListTable
          label={t('tokenTitle')}
          path={path}
          columns={useColumns()}
          rowKey={row => String(row.id)}
          empty={<EmptyState title={t('tokenEmpty')} hint={t('tokenEmptyHint')} />}
        />
      </Settled>
      <UrlDrawer title={t('tokenAdd')}>
        {() =>
          data?.mayMake ? (
            <MakeToken made={close} daysAtMost={data.daysAtMost} scopes={data.scopes} />
          ) : isPending ? (
            <Loading />
          ) : (
            <NoFactor />
          )
        }
      </UrlDrawer>
    </>
  )
}

function NoFactor(): ReactNode {
  const t = useText('system')
  const { isSystem } = useSession()
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 12 }}
      title={t('tokenNoFactor')}
      action={
        <Button size="small" type="primary" href={isSystem ? setUp.account : setUp.member}>
          {t('factorSetUp')}
        </Button>
      }
    />
  )
}

type Token = Row<typeof path>

const states = {
  live: ['good', 'tokenStateLive'],
  idle: ['warn', 'tokenStateIdle'],
  expired: ['idle', 'tokenStateExpired'],
  ended: ['idle', 'tokenStateEnded'],
} as const

function useColumns(): Column<Token>[] {
  const t = useText('system')
  const { corps } = useSession()
  return [
    {
      key: 'name',
      title: t('tokenName'),
      render: row => (
        <>
          {row.name}
          <div className="wisp-quiet" style={{ fontSize: 12, fontWeight: 400 }}>
            {row.scopes.map(one => one.replace('admin:', '')).join(' · ')}
          </div>
        </>
      ),
    },
    {
      key: 'state',
      title: t('tokenState'),
      render: row => {
        const [kind, word] = states[row.state]
        return <State kind={kind}>{t(word)}</State>
      },
    },
    ...(corps.length > 1
      ? [{ key: 'corp', title: t('tokenCorp'), render: (row: Token) => row.corpName || t('tokenAll') }]
      : []),
    {
      key: 'addresses',
      title: t('tokenAddresses'),
      render: row => <span className="system-target">{row.addresses.join('、')}</span>,
    },
    { key: 'maker', title: t('tokenMaker'), wideOnly: true, render: row => row.maker || '—' },
    {
      key: 'lastUsedAt',
      title: t('tokenLastUsed'),
      render: row => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : t('tokenNever')),
    },
    { key: 'expiresAt', title: t('tokenUntil'), render: row => <Time at={row.expiresAt} /> },
    {
      key: 'end',
      title: '',
      align: 'right',
      render: row => (row.state === 'live' || row.state === 'idle' ? <End {...row} /> : null),
    },
  ]
}

function End({ id, name }: Token): ReactNode {
  const t = useText('system')
  const act = useAct('/web/admin-tokens/end', {
    done: t('tokenEnded'),
    refresh: [path],
    confirm: () => ({
      title: t('tokenEndTitle', { name }),
      content: t('tokenEndHint'),
      okText: t('tokenEnd'),
      danger: true,
    }),
  })
  return (
    <Button size="small" danger loading={act.isRunning} onClick={() => void act.run({ id })}>
      {t('tokenEnd')}
    </Button>
  )
}
