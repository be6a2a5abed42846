import { Alert, Button, Progress } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useAct, useRefresh } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ExportLink } from '../../../ui/export-link.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'
import { type Account, AccountPage, whyNot } from '../use-account.tsx'
import { FollowerDrawer } from './drawer.tsx'
import { FollowerList, filters } from './list.tsx'
import './followers.css'
import { later } from '../../../ui/fields/later.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'

const FollowerTags = later(async () => (await import('./tags.tsx')).FollowerTags)

const QrCodes = later(async () => (await import('./qr-codes.tsx')).QrCodes)

/** Who follows an account, with tags and QR codes. */
export function Page(): ReactNode {
  const t = useText('official-followers')
  return (
    <AccountPage
      title={t('title')}
      hint={t('hint')}
      needs="followers"
      actions={({ originalId }) => (
        <>
          <ExportLink path="/web/official/followers/export" filters={filters} fixed={{ originalId }} />
          <PullButton originalId={originalId} />
        </>
      )}
    >
      {account => <Followers account={account} />}
    </AccountPage>
  )
}

function Followers({ account }: { account: Account }): ReactNode {
  const t = useText('official-followers')
  const noQr = whyNot(account, 'sceneQr')
  return (
    <>
      <PullState originalId={account.originalId} />
      <Parts
        parts={[
          { key: 'list', title: t('followers'), children: <FollowerList account={account} /> },
          { key: 'tags', title: t('tags'), children: <FollowerTags account={account} /> },
          {
            key: 'qr',
            title: t('qrCodes'),
            children: noQr ? <Alert type="info" showIcon title={noQr} /> : <QrCodes account={account} />,
          },
        ]}
      />
      <FollowerDrawer account={account} />
    </>
  )
}

function usePull(originalId: string) {
  const read = useRead(
    '/web/official/follower-pull',
    { originalId },
    { every: data => (data?.pull?.state === 'running' ? 1500 : false) },
  )
  return read.data?.pull
}

function PullButton({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-followers')
  const pull = usePull(originalId)
  const start = useAct('/web/official/follower-pull/start', { refresh: ['/web/official/follower'] })
  const isRunning = pull?.state === 'running'
  return (
    <Button
      type="primary"
      loading={start.isRunning || isRunning}
      onClick={() => void start.run({ originalId })}
    >
      {t(isRunning ? 'pulling' : pull?.state === 'failed' ? 'pullOn' : 'pull')}
    </Button>
  )
}

function PullState({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-followers')
  const pull = usePull(originalId)
  const refresh = useRefresh()
  const isRunning = pull?.state === 'running'
  const wasRunning = useRef(false)
  useEffect(() => {
    if (wasRunning.current && !isRunning) void refresh('/web/official/follower')
    wasRunning.current = isRunning
  }, [isRunning, refresh])
  if (pull === undefined) return null
  if (pull === null)
    return <Alert type="info" showIcon title={t('neverPulled')} style={{ marginBottom: 16 }} />
  const progress = t('pullProgress', { read: formatNumber(pull.read), total: formatNumber(pull.total ?? 0) })
  if (pull.state === 'done')
    return (
      <p className="wisp-quiet oa-pulled">
        {t('pulledAt')} <Time at={pull.endedAt ?? pull.startedAt} /> · {progress}
        {pull.gone > 0 ? ` · ${t('pullGone', { n: formatNumber(pull.gone) })}` : ''}
      </p>
    )
  return (
    <Alert
      type={pull.state === 'failed' ? 'error' : pull.why ? 'warning' : 'info'}
      showIcon
      style={{ marginBottom: 16 }}
      title={pull.state === 'failed' ? t('pullFailed') : t('pulling')}
      description={
        <>
          {pull.why ? <div>{pull.why}</div> : null}
          <div>{progress}</div>
          <Progress
            percent={pull.total ? Math.min(100, Math.floor((pull.read * 100) / pull.total)) : 0}
            aria-label={t('pulling')}
          />
        </>
      }
    />
  )
}
