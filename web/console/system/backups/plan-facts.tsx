import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { scheduleWords } from './schedule-field.tsx'

type View = Answer<'/web/backups'>

/** When the last and the next backup are, where they go, and how long they stay. */
export function PlanFacts(view: View): ReactNode {
  const t = useText('backups')
  const { plan, lastGoodAt, isOverdue, folder } = view
  return (
    <Descriptions
      column={{ xs: 1, md: 2 }}
      size="small"
      items={[
        {
          key: 'lastGood',
          label: t('lastGood'),
          children: (
            <span className="backups-state">
              <Time at={lastGoodAt} none={t('never')} />
              {isOverdue ? <State kind="bad">{t('overdue')}</State> : null}
            </span>
          ),
        },
        { key: 'lastTest', label: t('lastTest'), children: <LastTest {...view} /> },
        {
          key: 'next',
          label: t('next'),
          children: plan.enabled ? (
            <span className="backups-state">
              <Time at={view.nextAt} />
              {scheduleWords(t, plan.cron)}
            </span>
          ) : (
            <State kind="idle">{t('off')}</State>
          ),
        },
        {
          key: 'place',
          label: t('place'),
          children: (
            <code className="backups-place">
              {plan.place === 'folder' ? folder || 'WISP_BACKUP_DIR' : `s3://${plan.bucket}/${plan.prefix}`}
            </code>
          ),
        },
        {
          key: 'keep',
          label: t('keep'),
          children: t('keepValue', { d: plan.keepDaily, w: plan.keepWeekly, m: plan.keepMonthly }),
        },
        { key: 'key', label: t('keyNow'), children: <code>{view.keyFingerprint}</code> },
        {
          key: 'test',
          label: t('testDays'),
          children: plan.testDays === 0 ? t('testOff') : t('every', { n: plan.testDays }),
        },
      ]}
    />
  )
}

const kinds = { waiting: 'idle', running: 'busy', good: 'good', failed: 'bad' } as const
const words = {
  waiting: 'stateWaiting',
  running: 'stateRunning',
  good: 'stateGood',
  failed: 'stateFailed',
} as const

function LastTest({ lastTest, isTestOverdue }: View): ReactNode {
  const t = useText('backups')
  return (
    <span className="backups-state">
      {lastTest ? (
        <>
          <Time at={lastTest.at} />
          <State kind={kinds[lastTest.state]}>{t(words[lastTest.state])}</State>
        </>
      ) : (
        t('never')
      )}
      {isTestOverdue ? <State kind="warn">{t('testOverdue')}</State> : null}
    </span>
  )
}
