import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'

/** The grants that there are, those that do not fit the audit log, and the auditor's word that all are right. */
export function GrantList(props: { scope: 'corp' | 'installation'; done(): void }): ReactNode {
  const t = useText('integrity')
  const { scope } = props
  const { data, error, refetch } = useRead('/web/audit/grants', { scope })
  const refresh = ['/web/audit/integrity', '/web/audit/grants'] as const
  const confirm = useAct('/web/audit/grants/confirm', { done: t('confirmed'), refresh: [...refresh] })
  if (!data)
    return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Loading height={300} />
  const isOpen = data.isListed && (data.confirmedAt === null || data.findings.length > 0)
  const submit = async () => {
    if (await confirm.run({ scope, version: data.version })) props.done()
  }
  return (
    <>
      {data.findings.length > 0 ? (
        <Alert
          type="error"
          showIcon
          title={t('grantsFound', { n: data.findings.length })}
          description={
            <ul>
              {data.findings.map(one => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          }
        />
      ) : null}
      <p className="wisp-quiet">{t('grantsHint')}</p>
      <ul aria-label={t('grants')} style={{ listStyle: 'none', padding: 0 }}>
        {data.grants.map(({ kind, kindName, key, target, gives, until }) => (
          <li key={`${kind} ${key}`} className="system-grant">
            <div>
              {kindName} · {target}
              {until ? (
                <span className="wisp-quiet">
                  {' '}
                  {t('grantUntil')} <Time at={until} />
                </span>
              ) : null}
            </div>
            {gives ? <div className="wisp-quiet">{gives}</div> : null}
          </li>
        ))}
      </ul>
      {data.total > data.grants.length ? <p>{t('grantsMore', { n: data.total })}</p> : null}
      {isOpen ? (
        <Button type="primary" loading={confirm.isRunning} onClick={() => void submit()}>
          {t('confirm')}
        </Button>
      ) : null}
    </>
  )
}
