import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { accountPushes, type Push, PushesOf } from '../../owned-pushes/owner.tsx'
import { Pushes } from '../../owned-pushes/pushes.tsx'
import { AccountPage } from '../use-account.tsx'

/** What WeChat pushed to an account, what was answered and what became of it. */
export function Page(): ReactNode {
  const t = useText('official-pushes')
  return (
    <AccountPage title={t('title')} hint={t('hint')}>
      {account => <AccountPushes originalId={account.originalId} />}
    </AccountPage>
  )
}

function AccountPushes({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-pushes')
  const owner = accountPushes(originalId, {
    label: t('title'),
    kind: kind => kind,
    from: push => push.openid,
    answered: ({ answer }) => [{ key: 'answer', label: t('answer'), children: <Answered answer={answer} /> }],
  })
  return (
    <PushesOf value={owner}>
      <Pushes />
    </PushesOf>
  )
}

function Answered({ answer }: { answer: Push['answer'] }): ReactNode {
  const t = useText('official-pushes')
  if (!answer) return t('answerNone')
  const parts = [
    answer.passive ? t('answerPassive', { type: answer.passive }) : t('answerNone'),
    ...(answer.later > 0 ? [t('answerLater', { n: answer.later })] : []),
    ...(answer.person ? [t('answerPerson')] : []),
    ...(answer.by ? [t('answerBy', { by: answer.by })] : []),
  ]
  return parts.join(' · ')
}
