import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { entityKeys, useRunWords } from './run-words.ts'
import './sync.css'

/**
 * Shown for a run that would delete many rows: what it would delete, why that may be wrong, and the approval
 * it waits for.
 */
export function ApprovalNotice(props: { run: Answer<'/web/sync/run'>; withLink: boolean }): ReactNode {
  const t = useText('sync')
  const words = useRunWords()
  const { run } = props
  const what = run.deletes
    .map(one => t('countOf', { n: one.count, what: t(entityKeys[one.kind]) }))
    .join('、')
  const approve = useAct('/web/sync/approve', {
    done: t('approved'),
    refresh: ['/web/sync'],
    confirm: () => ({
      title: t('approveTitle', { what }),
      content: t('approveHint'),
      okText: t('approve'),
      danger: true,
    }),
  })
  const decline = useAct('/web/sync/cancel', {
    done: t('cancelled'),
    refresh: ['/web/sync'],
  })
  return (
    <Alert
      type="warning"
      showIcon
      title={`${words.title(run)} · ${t('approvalTitle')}`}
      description={
        <div style={{ display: 'grid', gap: 8 }}>
          <div>{run.error}</div>
          <Deletes run={run} withLink={props.withLink} />
          <div>{t('approvalAdvice')}</div>
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
            <Button
              danger
              type="primary"
              loading={approve.isRunning}
              onClick={() => void approve.run({ id: run.id })}
            >
              {t('approve')}
            </Button>
            <Button loading={decline.isRunning} onClick={() => void decline.run({ id: run.id })}>
              {t('decline')}
            </Button>
          </div>
        </div>
      }
    />
  )
}

function Deletes(props: { run: Answer<'/web/sync/run'>; withLink: boolean }): ReactNode {
  const t = useText('sync')
  const { run } = props
  return (
    <ul style={{ margin: 0, paddingInlineStart: 20 }}>
      {run.deletes.map(one => (
        <li key={one.kind}>
          {t('approvalDeletes', {
            n: one.count,
            what: t(entityKeys[one.kind]),
            sample: one.sample.join('、'),
          })}
          {props.withLink ? (
            <>
              {' '}
              <PageLink to={`/console/sync/runs/${run.id}`} search={{ change: 'drop' }} className="sync-link">
                {t('seeAll')}
              </PageLink>
            </>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
