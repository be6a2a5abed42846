import type { ReactNode } from 'react'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'
import { type Account, AccountPage } from '../use-account.tsx'
import { useFollowConversations } from './follow.ts'
import { ConversationList } from './list.tsx'
import { QuickReplies } from './quick-replies.tsx'
import { Thread } from './thread.tsx'
import './conversations.css'

export function Page(): ReactNode {
  const t = useText('official-conversations')
  return (
    <AccountPage
      title={t('title')}
      hint={t('hint')}
      actions={account => <QuickReplies originalId={account.originalId} />}
    >
      {account => <Conversations account={account} />}
    </AccountPage>
  )
}

/** List and conversation beside each other; on a phone one after the other. */
function Conversations({ account }: { account: Account }): ReactNode {
  const t = useText('official-conversations')
  const [values] = useUrlState()
  const isNarrow = useNarrow(900)
  const { originalId } = account
  useFollowConversations(originalId)
  const open = values['open']
  return (
    <div className="oa-talk">
      {isNarrow && open ? null : <ConversationList originalId={originalId} open={open} />}
      {open ? (
        <Thread key={open} originalId={originalId} openid={open} isNarrow={isNarrow} />
      ) : isNarrow ? null : (
        <div className="oa-talk-none">
          <EmptyState title={t('choose')} hint={t('chooseHint')} />
        </div>
      )}
    </div>
  )
}
