import { Alert, Button, Input, Pagination } from 'antd'
import { type ReactNode, useState } from 'react'
import { SwitchOn } from '../../ui/address/switch-on.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { useSettled } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import './developers.css'

const pageSize = 20

/**
 * The devices that are registered for packet encryption; each can be revoked. Page and search are not in the address, which
 * holds those of the list of developers.
 */
export function Devices(props: { developer: Answer<'/web/developers/one'> }): ReactNode {
  const t = useText('developers')
  const { devId, packets } = props.developer
  const [pageNo, setPageNo] = useState(1)
  const [search, setSearch] = useState('')
  const read = useRead(
    '/web/developers/devices',
    { devId, search: useSettled(search), pageNo, pageSize },
    { keep: true },
  )
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, total } = read.data
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      {packets === 'off' ? (
        <Alert
          type="info"
          showIcon
          title={t('devicesOff')}
          action={<SwitchOn to={`/console/apps/developers/${encodeURIComponent(devId)}/settings`} />}
        />
      ) : null}
      <div className="wisp-quiet">{t('devicesHint')}</div>
      {total > pageSize || search ? (
        <Input.Search
          allowClear
          aria-label={t('deviceSearch')}
          placeholder={t('deviceSearch')}
          value={search}
          maxLength={64}
          onChange={event => {
            setSearch(event.target.value)
            setPageNo(1)
          }}
        />
      ) : null}
      {total === 0 ? <EmptyState title={t('devicesEmpty')} /> : null}
      <ul className="developers-secrets">
        {list.map(device => (
          <DeviceLine key={device.deviceId} device={device} devId={devId} />
        ))}
      </ul>
      {total > pageSize ? (
        <Pagination
          size="small"
          current={pageNo}
          pageSize={pageSize}
          total={total}
          showSizeChanger={false}
          onChange={setPageNo}
        />
      ) : null}
    </div>
  )
}

function DeviceLine(props: {
  device: Answer<'/web/developers/devices'>['list'][number]
  devId: string
}): ReactNode {
  const t = useText('developers')
  const { devId, device } = props
  const { deviceId } = device
  const revoke = useAct('/web/developers/revoke-device', {
    done: t('revoked'),
    refresh: ['/web/developers/devices'],
    confirm: () => ({
      title: t('revokeDeviceTitle', { id: deviceId }),
      content: t('revokeDeviceHint'),
      okText: t('revoke'),
      danger: true,
    }),
  })
  return (
    <li>
      <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <strong>{deviceId}</strong>
        <div className="wisp-quiet">
          {t('registeredAt')} <Time at={device.registeredAt} /> · {t('lastUsed')}{' '}
          <Time at={device.usedAt} none={t('neverUsed')} /> · {t('sessionsOpen', { n: device.sessions })}
        </div>
      </div>
      <Button
        size="small"
        danger
        aria-label={`${t('revoke')} ${deviceId}`}
        loading={revoke.isRunning}
        onClick={() => void revoke.run({ devId, deviceId })}
      >
        {t('revoke')}
      </Button>
    </li>
  )
}
