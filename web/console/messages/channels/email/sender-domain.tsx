import { Button, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { Checks } from '../../../../ui/connected/checks.tsx'
import { Copies } from '../../../../ui/connected/copies.tsx'
import { RemoveThing } from '../../../../ui/connected/remove-thing.tsx'
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
  // What was found before is not true of the keys as they are then.
  const act = (input: Parameters<typeof change.run>[0]) => {
    setChecks([])
    return change.run(input)
  }
  return (
    <>
      <p className="wisp-quiet">{t('domainHint', { domain })}</p>
      <Space wrap style={{ marginBottom: 16 }}>
        <Button
          loading={check.isRunning}
          onClick={() => void check.run({}).then(found => setChecks(found?.checks ?? []))}
        >
          {t('domainCheck')}
        </Button>
        {waits ? null : (
          <Button loading={change.isRunning} onClick={() => void act({ act: 'make' })}>
            {t(keys.length === 0 ? 'keyMake' : 'keyRotate')}
          </Button>
        )}
      </Space>
      {checks.length > 0 ? <Checks checks={checks} /> : null}
      {keys.map(({ selector, name, value, isUsed }) => (
        <div key={selector} style={{ marginBottom: 16 }}>
          <p>
            <strong>{t('keyNamed', { selector })}</strong> {t(isUsed ? 'keyUsed' : 'keyWaits')}
          </p>
          <Copies
            values={[
              { label: t('recordName'), value: name },
              { label: t('recordValue'), value },
            ]}
          />
          {isUsed ? (
            <RemoveThing
              act={t('keyDrop')}
              title={t('keyDropTitle', { selector })}
              id={selector}
              idName={t('keyName')}
              isRunning={change.isRunning}
              remove={() => act({ act: 'drop', selector })}
            >
              <p>{t('keyDropHint')}</p>
            </RemoveThing>
          ) : (
            <Space wrap>
              <Button loading={change.isRunning} onClick={() => void act({ act: 'use', selector })}>
                {t('keyUse')}
              </Button>
              <Button danger loading={change.isRunning} onClick={() => void act({ act: 'drop', selector })}>
                {t('keyDrop')}
              </Button>
            </Space>
          )}
        </div>
      ))}
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
