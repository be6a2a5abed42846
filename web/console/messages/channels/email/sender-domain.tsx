import { Button, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { Checks } from '../../../../ui/connected/checks.tsx'
import { Copies } from '../../../../ui/connected/copies.tsx'
import { useAct } from '../../../../ui/data/act.tsx'
import type { Answer } from '../../../../ui/data/api.ts'
import { useRead } from '../../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../../ui/feedback.tsx'
import { useText } from '../../../../ui/text.ts'

const path = '/web/messages/mail'

/** What receivers of mail look up of the sender's domain, and wisp's own key for it. */
export function SenderDomain(): ReactNode {
  const t = useText('messages')
  const read = useRead(path)
  const [checks, setChecks] = useState<Answer<'/web/messages/mail/check'>['checks']>([])
  const check = useAct('/web/messages/mail/check')
  const change = useAct('/web/messages/mail/key', { refresh: [path] })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { domain, keys } = read.data
  const waits = keys.some(one => !one.isUsed)
  return (
    <>
      <p className="wisp-quiet">{t('domainHint', { domain })}</p>
      <Checks checks={checks} />
      {keys.map(({ selector, name, value, isUsed }) => (
        <div key={selector} style={{ marginBottom: 16 }}>
          <p>
            <strong>{selector}</strong> {t(isUsed ? 'keyUsed' : 'keyWaits')}
          </p>
          <Copies
            values={[
              { label: t('recordName'), value: name },
              { label: t('recordValue'), value },
            ]}
          />
          <Space wrap>
            {isUsed ? null : (
              <Button loading={change.isRunning} onClick={() => void change.run({ act: 'use', selector })}>
                {t('keyUse')}
              </Button>
            )}
            <Button danger onClick={() => void change.run({ act: 'drop', selector })}>
              {t('keyDrop')}
            </Button>
          </Space>
        </div>
      ))}
      <Space wrap>
        <Button
          loading={check.isRunning}
          onClick={() => void check.run({}).then(found => setChecks(found?.checks ?? []))}
        >
          {t('domainCheck')}
        </Button>
        {waits ? null : (
          <Button loading={change.isRunning} onClick={() => void change.run({ act: 'make' })}>
            {t(keys.length === 0 ? 'keyMake' : 'keyRotate')}
          </Button>
        )}
      </Space>
      <Stopped />
    </>
  )
}

/** Addresses that get no mail since a bounce. */
function Stopped(): ReactNode {
  const t = useText('messages')
  const read = useRead('/web/messages/mail/stopped')
  const free = useAct('/web/messages/mail/free', { refresh: ['/web/messages/mail/stopped'] })
  const list = read.data?.list ?? []
  if (list.length === 0) return null
  return (
    <>
      <p style={{ marginTop: 16 }}>
        <strong>{t('stoppedAddresses')}</strong>
      </p>
      <ul>
        {list.map(({ address, status, said }) => (
          <li key={address}>
            {address} <span className="wisp-quiet">{`${status} ${said}`}</span>{' '}
            <Button
              size="small"
              aria-label={t('freeOf', { address })}
              onClick={() => void free.run({ address })}
            >
              {t('free')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
