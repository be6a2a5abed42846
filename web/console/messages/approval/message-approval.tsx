import { Alert, Button, Descriptions, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { MessageContent } from '../message-content.tsx'
import { RefuseDialog } from './refuse-dialog.tsx'

type Approval = NonNullable<Answer<'/web/messages/approval'>['approval']>
type T = Translator<'send-approval'>
const refresh = ['/web/messages/']

/** Why a message needs approval, what it says, to how many, at what cost and by whom; and the decision. */
export function MessageApproval(props: { message: Answer<'/web/messages/one'> }): ReactNode {
  const t = useText('send-approval')
  const { msgId, approval, isPrivate } = props.message
  const read = useRead('/web/messages/approval', { msgId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const one = read.data.approval
  if (!one) return null
  if (one.standing === '')
    return <Alert type="info" showIcon title={decidedWords(t, approval, one)} style={{ marginBlock: 16 }} />
  return (
    <div style={{ marginBlock: 16 }}>
      <Panel title={t('title')}>
        <Alert
          type="warning"
          showIcon
          title={t(one.isReview ? 'waitsReview' : 'waits')}
          description={one.cause}
        />
        <Descriptions
          size="small"
          column={{ xs: 1, sm: 1, md: 2 }}
          style={{ marginBlock: 16 }}
          items={[
            { key: 'to', label: t('to'), children: t('people', { n: one.receivers }) },
            { key: 'cost', label: t('cost'), children: costWords(t, one) },
            ...(one.budgetLeft === null
              ? []
              : [{ key: 'left', label: t('budgetLeft'), children: leftWords(t, one.budgetLeft) }]),
            { key: 'by', label: t('by'), children: <Actor id={one.askedBy} name={one.askedBy} /> },
            { key: 'at', label: t('askedAt'), children: formatTime(one.askedAt) },
          ]}
        />
        {isPrivate ? (
          <p className="wisp-quiet">{t('private')}</p>
        ) : (
          <MessageContent key={msgId} msgId={msgId} />
        )}
        <Decision msgId={msgId} one={one} />
      </Panel>
    </div>
  )
}

function Decision({ msgId, one }: { msgId: string; one: Approval }): ReactNode {
  const t = useText('send-approval')
  const [refuses, setRefuses] = useState(false)
  const approve = useAct('/web/messages/approve', { refresh, done: t('approved') })
  const word = one.isReview ? 'reviewed' : one.standing === 'confirm' ? 'confirm' : 'approve'
  return (
    <>
      {one.standing === 'own' ? <p className="wisp-quiet">{t('own')}</p> : null}
      {one.standing === 'confirm' ? <p className="wisp-quiet">{t('confirmHint')}</p> : null}
      <Space wrap style={{ marginTop: 16 }}>
        {one.standing === 'own' ? null : (
          <Button type="primary" loading={approve.isRunning} onClick={() => void approve.run({ msgId })}>
            {t(word)}
          </Button>
        )}
        {one.isReview ? null : (
          <Button danger onClick={() => setRefuses(true)}>
            {t('refuse')}
          </Button>
        )}
      </Space>
      {refuses ? <RefuseDialog msgId={msgId} close={() => setRefuses(false)} /> : null}
    </>
  )
}

function costWords(t: T, { sms, cost }: Approval): string {
  if (sms === 0) return t('noCost')
  return cost === 0 ? t('smsOf', { n: sms }) : t('costOf', { n: sms, cost: formatYuan(cost) })
}

function leftWords(t: T, left: number): string {
  return left < 0 ? t('notEnough', { short: formatYuan(-left) }) : t('leftAfter', { left: formatYuan(left) })
}

function decidedWords(
  t: T,
  state: Answer<'/web/messages/one'>['approval'],
  { decidedBy, decidedAt, words }: Approval,
): string {
  if (state === 'approved' || state === 'confirmed' || state === 'refused' || state === 'reviewed')
    return t(`decided_${state}`, { who: decidedBy, at: formatTime(decidedAt), words })
  return t('ended')
}
